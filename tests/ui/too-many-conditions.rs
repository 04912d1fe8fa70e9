use tapeless::differentiate;

#[differentiate]
#[allow(unused_mut)]
fn f(mut x: f64) -> f64 {
    #[cfg(target_arch = "arm")]
    {
        x *= 2.0;
    }
    #[cfg(target_arch = "mips")]
    {
        x *= 2.0;
    }
    #[cfg(target_arch = "x86")]
    {
        x *= 2.0;
    }
    #[cfg(target_arch = "wasm32")]
    {
        x *= 2.0;
    }
    #[cfg(target_arch = "riscv32")]
    {
        x *= 2.0;
    }
    #[cfg(target_arch = "avr")]
    {
        x *= 2.0;
    }
    #[cfg(target_arch = "sparc")]
    {
        x *= 2.0;
    }
    x
}

fn main() {}
