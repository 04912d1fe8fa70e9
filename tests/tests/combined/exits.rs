//! Loops that are left early, by every way out.

macro_rules! functions {
    ($name:ident [$($on:tt)*] [$($each:tt)*] [$($bound:tt)*]) => {
        $($on)*
        #[allow(unused, clippy::all)]
        pub mod $name {
            // Carried state through several variables, with an early return in the middle.
            $($each)*
            pub fn early_return(x: &[f64], n: usize) -> f64 {
                let mut a = 1.0;
                let mut b = 0.5;
                $($bound)*
                for (i, v) in x.iter().enumerate() {
                    let t = a * v.sin() + b;
                    b = a * 0.5 + t * t * 0.1;
                    a = t;
                    if i > n && b > 0.4 {
                        return a * b + i as f64;
                    }
                }
                a - b * b
            }

            // Two labelled loops, continue of the outer from the inner, break with state.
            $($each)*
            pub fn labels(x: &[f64], n: usize) -> f64 {
                let mut total = 0.0;
                let mut carry = 1.0;
                $($bound)*
                'outer: for i in 0..x.len() {
                    let mut inner = x[i];
                    $($bound)*
                    for j in 0..x.len() {
                        if j == i {
                            continue;
                        }
                        inner = inner * 0.7 + x[j] * carry;
                        if j > i + n {
                            carry *= 0.9;
                            continue 'outer;
                        }
                        if inner > 3.0 {
                            total -= inner;
                            break 'outer;
                        }
                    }
                    total += inner * carry;
                    carry = carry * 0.8 + inner.cos() * 0.1;
                }
                total * carry
            }

            // Loop with break value and several carried.
            $($each)*
            pub fn break_value(x: &[f64], n: usize) -> f64 {
                let mut i = 0;
                let mut v = 0.3;
                let out = loop {
                    if i >= x.len() {
                        break v * 2.0;
                    }
                    v = v * x[i] + 0.5;
                    if i > n && v < 0.2 {
                        break v.exp();
                    }
                    i += 1;
                };
                out * out + v
            }

            // Let else and question mark.
            $($each)*
            pub fn at(x: &[f64], i: usize) -> Option<f64> {
                let v = x.get(i)?;
                Some(v * v)
            }
            $($each)*
            pub fn optional(x: &[f64], n: usize) -> f64 {
                let mut s = 1.0;
                $($bound)*
                for i in 0..4 {
                    let Some(v) = at(x, i * (n + 1)) else {
                        s *= 1.1;
                        continue;
                    };
                    s += v * s;
                }
                s
            }

            // Early return with ? inside nested loops, with an accumulator in a tuple.
            $($each)*
            pub fn checked(x: &[f64], n: usize) -> Result<f64, usize> {
                let mut acc = (0.0, 1.0);
                $($bound)*
                for (i, a) in x.iter().enumerate() {
                    $($bound)*
                    for b in &x[i..] {
                        if *b > 1.4 {
                            return Err(i);
                        }
                        acc.0 += a * b * acc.1;
                        if acc.0 > 2.0 + n as f64 {
                            return Ok(acc.0 * a);
                        }
                    }
                    acc.1 *= 1.0 - 0.1 * a;
                }
                Ok(acc.0 - acc.1)
            }
            $($each)*
            pub fn results(x: &[f64], n: usize) -> f64 {
                match checked(x, n) {
                    Ok(v) => v * v,
                    Err(i) => i as f64 + x.get(i).copied().unwrap_or(0.0) * 3.0,
                }
            }

            // Labelled block, deferred initialisation.
            $($each)*
            pub fn labelled_block(x: &[f64], n: usize) -> f64 {
                let y;
                let mut k = 0.3;
                let z = 'found: {
                    $($bound)*
                    for (i, v) in x.iter().enumerate() {
                        k *= v.cos();
                        if i == n {
                            break 'found v * k;
                        }
                    }
                    k * k
                };
                if z > 0.2 {
                    y = z.ln();
                } else {
                    y = z * k;
                }
                y + z
            }

            // Explicit iterator.
            $($each)*
            pub fn by_hand(x: &[f64], n: usize) -> f64 {
                let mut it = x.iter().enumerate();
                let mut s = 1.0;
                $($bound)*
                while let Some((i, v)) = it.next() {
                    if i % 2 == n % 2 {
                        s = s * v + 0.1;
                    } else {
                        s += v * v;
                    }
                }
                s
            }

            // Matches over integers choosing state updates.
            $($each)*
            pub fn machine(x: &[f64], n: usize) -> f64 {
                let mut state = (1.0, 0.0);
                let mut mode = n;
                $($bound)*
                for &v in x {
                    match mode % 4 {
                        0 => {
                            state.0 += v * state.1;
                            mode += 1;
                        }
                        1 | 2 if v > 0.0 => {
                            state = (state.1 + v, state.0 * v);
                            mode += 2;
                        }
                        2 => {
                            let (a, b) = state;
                            state = (a * b, a - b);
                            mode += 3;
                        }
                        _ => mode += 1,
                    }
                }
                state.0 * 2.0 + state.1 * state.1
            }

            // A long if-else chain writing different slots, read back in later rounds.
            $($each)*
            pub fn cascade(x: &[f64], n: usize) -> f64 {
                let (mut a, mut b, mut c) = (1.0, 0.5, 0.25);
                let mut out = [0.0; 2];
                $($bound)*
                for (i, &v) in x.iter().enumerate() {
                    if v < -0.4 {
                        a = b * v;
                    } else if v < 0.1 {
                        (a, b) = (b, a + v);
                        out[0] = a;
                    } else if i < n {
                        c *= v;
                        out[1] += out[0] * c;
                        continue;
                    } else {
                        out[i % 2] = out[(i + 1) % 2] * v + a;
                    }
                    b += c * a;
                }
                a * b + c + out[0] * out[1]
            }

            // While loop whose condition reads state that the body writes in memory.
            $($each)*
            pub fn settle(x: &[f64], n: usize) -> f64 {
                let mut a = x.to_vec();
                let mut rounds = 0;
                $($bound)*
                while rounds < 6 && a.iter().map(|v| v * v).sum::<f64>() > 0.5 + n as f64 {
                    $($bound)*
                    for i in 0..a.len() {
                        a[i] *= 0.8 + 0.05 * (i as f64);
                    }
                    if let Some(l) = a.last_mut() {
                        *l -= 0.01;
                    }
                    rounds += 1;
                }
                a.iter().sum::<f64>() * (rounds as f64 + 1.0)
            }

            // Horner and its derivative carried together, then Newton.
            $($each)*
            pub fn newton(x: &[f64], n: usize) -> f64 {
                let mut z = 0.4;
                $($bound)*
                for _ in 0..n {
                    let (mut p, mut dp) = (0.0, 0.0);
                    $($bound)*
                    for c in x.iter().rev() {
                        dp = dp * z + p;
                        p = p * z + c;
                    }
                    z -= 0.1 * p / (1.0 + dp * dp);
                }
                z
            }

            // While with two conditions and reversal of a vec.
            $($each)*
            pub fn two_pointers(x: &[f64], n: usize) -> f64 {
                let mut a = x.to_vec();
                a.reverse();
                let (mut i, mut j) = (0, a.len());
                let mut s = 0.0;
                $($bound)*
                while i + 1 < j && s < 10.0 + n as f64 {
                    j -= 1;
                    let t = a[i];
                    a[i] = a[j] * t;
                    a[j] -= t * s;
                    s += a[i] * a[j];
                    i += 1;
                }
                s + a.iter().fold(0.0, |acc, v| acc * 0.5 + v)
            }
        }
    };
}

under_each_bound! {
    functions:
    (early_return, early_return_value_and_grad)
    (labels, labels_value_and_grad)
    (break_value, break_value_value_and_grad)
    (optional, optional_value_and_grad)
    (results, results_value_and_grad)
    (labelled_block, labelled_block_value_and_grad)
    (by_hand, by_hand_value_and_grad)
    (machine, machine_value_and_grad)
    (cascade, cascade_value_and_grad)
    (settle, settle_value_and_grad)
    (newton, newton_value_and_grad)
    (two_pointers, two_pointers_value_and_grad)
}
