//! The function that runs a program and its siblings at a point.

use std::fmt::Write;

use super::type_name;
use crate::harness::{count, in_out};
use crate::syntax::{Param, Pass, Program, Ty};

/// `pub fn run(at, integers, weights) -> Run`, with what it needs. Under `no_alloc` there may be no siblings that return
/// their gradients. `float` is the type that the program computes with.
pub fn harness(program: &Program, returned: bool, float: &str) -> String {
    let mut out = conversions(program);
    let writer = Writer { program, float };
    out.push_str("pub fn run(at: &[f64], integers: &[usize], weights: &[f64]) -> Run {\n");
    out.push_str("    let mut run = Run::default();\n    let mut length = 0;\n");
    out.push_str(&writer.plain());
    out.push_str(&writer.vjp());
    for index in writer.slots() {
        if writer.slots().len() > 1 {
            out.push_str(&writer.inactive(index));
        }
    }
    if matches!(scalar(&program.entry().result), Some(Ty::Float)) {
        out.push_str(&writer.gradients(returned));
    }
    out.push_str("    run\n}\n");
    out
}

/// The float that a result is or may be.
fn scalar(result: &Ty) -> Option<&Ty> {
    match result {
        Ty::Float => Some(result),
        Ty::Option(inner) | Ty::Result(inner) => Some(inner),
        _ => None,
    }
}

/// `Flat` for the structs and their cotangents.
fn conversions(program: &Program) -> String {
    let mut out = String::new();
    for definition in &program.structs {
        let fields: Vec<&String> = definition.fields.iter().map(|(name, _)| name).collect();
        for name in [
            definition.name.clone(),
            format!("{}Cotangent", definition.name),
        ] {
            let _ = writeln!(out, "impl Flat for {name} {{");
            let _ = writeln!(
                out,
                "    fn read(from: &mut Reader<'_>) -> Self {{ {name} {{"
            );
            for field in &fields {
                let _ = writeln!(out, "        {field}: from.read(),");
            }
            let _ = writeln!(out, "    }} }}\n    fn write(&self, out: &mut Vec<f64>) {{");
            for field in &fields {
                let _ = writeln!(out, "        self.{field}.write(out);");
            }
            let _ = writeln!(out, "    }}\n}}\n");
        }
    }
    out
}

struct Writer<'p> {
    program: &'p Program,
    float: &'p str,
}

impl Writer<'_> {
    fn params(&self) -> &[Param] {
        &self.program.entry().params
    }

    fn name(&self) -> &str {
        &self.program.entry().name
    }

    fn type_name(&self, ty: &Ty) -> String {
        type_name(self.program, ty).replace("f64", self.float)
    }

    /// Numbers of the parameters with a slot that only receives.
    fn slots(&self) -> Vec<usize> {
        let params = self.params().iter().enumerate();
        let only = params.filter(|(_, param)| param.ty != Ty::Int && !in_out(param));
        only.map(|(index, _)| index).collect()
    }

    /// `let mut p0 = …;` for every parameter.
    fn arguments(&self) -> String {
        let mut out = String::from("        let mut from = Reader::new(at);\n");
        out.push_str("        let mut count = integers.iter().copied();\n");
        for (index, param) in self.params().iter().enumerate() {
            let _ = writeln!(out, "        let mut p{index}{};", self.read(param, "from"));
        }
        out
    }

    /// `: T = from.read()`
    fn read(&self, param: &Param, from: &str) -> String {
        match &param.ty {
            Ty::Int => " = count.next().unwrap()".into(),
            Ty::Slice(item) => {
                let item = self.type_name(item);
                format!(": Vec<{item}> = {from}.list({})", param.len)
            }
            ty => format!(": {} = {from}.read()", self.type_name(ty)),
        }
    }

    /// The same for a cotangent.
    fn read_cotangent(&self, param: &Param, from: &str) -> String {
        match &param.ty {
            Ty::Struct(index) => {
                format!(
                    ": {}Cotangent = {from}.read()",
                    self.program.structs[*index].name
                )
            }
            _ => self.read(param, from),
        }
    }

    fn passed(&self) -> String {
        let passed = self
            .params()
            .iter()
            .enumerate()
            .map(|(index, param)| match param.pass {
                Pass::Value => format!("p{index}"),
                Pass::Ref => format!("&p{index}"),
                Pass::RefMut => format!("&mut p{index}"),
            });
        passed.collect::<Vec<_>>().join(", ")
    }

    /// The result and the final contents, into a row.
    fn outputs(&self, row: &str) -> String {
        let mut out = format!("        out.write(&mut {row});\n");
        for (index, param) in self.params().iter().enumerate() {
            if in_out(param) {
                let _ = writeln!(out, "        p{index}.write(&mut {row});");
            }
        }
        out
    }

    fn plain(&self) -> String {
        let length = match self.program.entry().result {
            Ty::Vec(_) => "        length = out.len();\n",
            _ => "",
        };
        let (name, passed) = (self.name(), self.passed());
        let (arguments, outputs) = (self.arguments(), self.outputs("run.plain"));
        format!("    {{\n{arguments}        let out = {name}({passed});\n{length}{outputs}    }}\n")
    }

    /// The cotangent of the result, read from the weights.
    fn seed(&self) -> String {
        let float = self.float;
        let (ty, read) = match &self.program.entry().result {
            Ty::Unit => return String::new(),
            Ty::Float => (format!(": {float}"), "read()"),
            Ty::Vec(_) => (format!(": Vec<{float}>"), "list(length)"),
            Ty::Option(_) | Ty::Result(_) => (format!(": Option<{float}>"), "read()"),
            _ => (String::new(), "read()"),
        };
        format!("        let d_out{ty} = seeds.{read};\n")
    }

    /// Calls `f_vjp`, with `Inactive` for one parameter.
    fn call_vjp(&self, without: Option<usize>) -> String {
        let mut out = self.arguments();
        out.push_str("        let mut seeds = Reader::new(&weights);\n");
        out.push_str(&self.seed());
        out.push_str(
            "        let start = [start];\n        let mut start = Reader::new(&start);\n",
        );
        let mut slots = Vec::new();
        for (index, param) in self.params().iter().enumerate() {
            let from = if in_out(param) { "seeds" } else { "start" };
            if param.ty == Ty::Int || Some(index) == without {
                slots.push("Inactive".to_string());
                continue;
            }
            let _ = writeln!(
                out,
                "        let mut d{index}{};",
                self.read_cotangent(param, from)
            );
            slots.push(format!("&mut d{index}"));
        }
        if self.program.entry().result != Ty::Unit {
            slots.insert(0, "d_out".into());
        }
        let call = format!(
            "{}_vjp({}, {})",
            self.name(),
            self.passed(),
            slots.join(", ")
        );
        let _ = writeln!(
            out,
            "        let out = {call};\n        let mut values = Vec::new();"
        );
        out.push_str(&self.outputs("values"));
        out.push_str("        let mut gradient = Vec::new();\n");
        for (index, param) in self.params().iter().enumerate() {
            let floats = count(self.program, &param.ty, param.len);
            let _ = match (param.ty == Ty::Int || Some(index) == without, in_out(param)) {
                (true, _) => writeln!(out, "        gradient.extend([None; {floats}]);"),
                (_, true) => {
                    writeln!(out, "        gradient.extend(flat(&d{index}).into_iter().map(Some));")
                }
                _ => writeln!(
                    out,
                    "        gradient.extend(flat(&d{index}).into_iter().map(|d| Some(d - offset)));"
                ),
            };
        }
        out
    }

    fn vjp(&self) -> String {
        let call = self.call_vjp(None);
        format!(
            "    for (what, start, factor) in [(\"f_vjp\", 0.25, 1.0), (\"f_vjp of twice the seed\", 0.0, 2.0)] {{
        let offset = start;
        let weights: Vec<f64> = weights.iter().map(|weight| factor * weight).collect();
{call}        run.checks.push(Check {{ what, weights, values, gradient }});
    }}\n"
        )
    }

    fn inactive(&self, without: usize) -> String {
        let call = self.call_vjp(Some(without));
        format!(
            "    {{
        let (start, offset) = (0.0, 0.0);
        let weights: Vec<f64> = weights.to_vec();
{call}        run.checks.push(Check {{ what: \"f_vjp with Inactive\", weights, values, gradient }});
    }}\n"
        )
    }

    /// `f_grad`, `f_value_and_grad`, `f_grad_into`: the result alone has a cotangent, which is one.
    fn gradients(&self, returned: bool) -> String {
        let weights = "        let mut weights = vec![0.0; 64];\n        weights[0] = 1.0;\n";
        let start =
            "        let mut values = Vec::new();\n        let mut gradient = Vec::new();\n";
        if !returned {
            return self.into(weights, start);
        }
        let (name, passed, arguments) = (self.name(), self.passed(), self.arguments());
        let split = match self.program.entry().result {
            Ty::Float => "let (out, g) = both;".to_owned(),
            Ty::Option(_) => {
                "let (out, g) = both.map_or((None, None), |(out, g)| (Some(out), Some(g)));"
                    .to_owned()
            }
            _ => format!(
                "let (out, g) = both.map_or((Err(1), None), |(out, g)| (Ok::<{}, u8>(out), Some(g)));",
                self.float
            ),
        };
        let wanted: Vec<usize> = (0..self.params().len())
            .filter(|index| self.params()[*index].ty != Ty::Int)
            .collect();
        let gradient = match self.program.entry().result {
            Ty::Float => self.gradient_of("g", &wanted),
            _ => {
                let some = self.gradient_of("g", &wanted);
                format!(
                    "        if let Some(g) = g {{\n{some}        }} else {{ gradient = vec![Some(0.0); at.len()]; }}\n"
                )
            }
        };
        let values = self.outputs("values");
        let alone = match self.program.entry().result {
            Ty::Result(_) => format!("{name}_grad({passed}).ok()"),
            _ => format!("{name}_grad({passed})"),
        };
        format!(
            "    {{
{weights}{arguments}        let both = {name}_value_and_grad({passed});
        {split}
{start}{values}{gradient}        run.checks.push(Check {{ what: \"f_value_and_grad\", weights, values, gradient }});
    }}
    {{
{weights}{arguments}        let g = {alone};
{start}        values = run.plain.clone();
{gradient}        run.checks.push(Check {{ what: \"f_grad\", weights, values, gradient }});
    }}
{}",
            self.into(weights, start)
        )
    }

    fn gradient_of(&self, g: &str, wanted: &[usize]) -> String {
        let mut out = String::new();
        for (number, _) in wanted.iter().enumerate() {
            let part = match wanted.len() {
                1 => g.to_string(),
                _ => format!("{g}.{number}"),
            };
            let _ = writeln!(
                out,
                "        gradient.extend(flat(&{part}).into_iter().map(Some));"
            );
        }
        out
    }

    fn into(&self, weights: &str, start: &str) -> String {
        let (name, passed, arguments) = (self.name(), self.passed(), self.arguments());
        let mut buffers = String::new();
        let mut lent = vec![passed];
        let mut gradient = String::new();
        for (index, param) in self.params().iter().enumerate() {
            if param.ty == Ty::Int {
                continue;
            }
            let _ = writeln!(
                buffers,
                "        let mut d{index}{};",
                self.read_cotangent(param, "dirt")
            );
            lent.push(format!("&mut d{index}"));
            let _ = writeln!(
                gradient,
                "        gradient.extend(flat(&d{index}).into_iter().map(Some));"
            );
        }
        let lent = lent.join(", ");
        let values = self.outputs("values");
        format!(
            "    {{
{weights}{arguments}        let mut dirt = Reader::new(&[7.0]);
{buffers}        let out = {name}_grad_into({lent});
{start}{values}{gradient}        run.checks.push(Check {{ what: \"f_grad_into\", weights, values, gradient }});
    }}\n"
        )
    }
}
