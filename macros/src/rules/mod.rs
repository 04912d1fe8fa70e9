//! The table of scalar derivative rules.

/// A row of the table.
#[derive(Debug)]
pub struct Rule {
    pub name: &'static str,
    pub arity: usize,
}

macro_rules! rows { ($($name:literal $arity:literal)*) => { &[$(Rule { name: $name, arity: $arity }),*] } }
static ROWS: &[Rule] = rows! {
    "abs" 1 "recip" 1 "sqrt" 1 "cbrt" 1 "powi" 2 "powf" 2 "exp" 1 "exp2" 1 "exp_m1" 1 "ln" 1 "log" 2 "log2" 1 "log10" 1
    "ln_1p" 1 "sin" 1 "cos" 1 "tan" 1 "sin_cos" 1 "asin" 1 "acos" 1 "atan" 1 "atan2" 2 "sinh" 1 "cosh" 1 "tanh" 1
    "asinh" 1 "acosh" 1 "atanh" 1 "hypot" 2 "mul_add" 3 "min" 2 "max" 2 "clamp" 3 "copysign" 2 "signum" 1 "floor" 1
    "ceil" 1 "round" 1 "trunc" 1 "fract" 1 "rem_euclid" 2 "div_euclid" 2 "to_degrees" 1 "to_radians" 1
};

/// The row of a function by its name in `std`.
pub fn lookup(name: &str) -> Option<&'static Rule> {
    ROWS.iter().find(|row| row.name == name)
}

/// The row of a function by its name in `libm`, and whether it is the single precision one.
pub fn lookup_libm(name: &str) -> Option<(&'static Rule, bool)> {
    match name.strip_suffix('f').and_then(lookup) {
        Some(rule) => Some((rule, true)),
        None => lookup(name).map(|rule| (rule, false)),
    }
}
