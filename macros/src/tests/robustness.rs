//! The macro fed with nonsense: it may refuse, it never panics.

use proc_macro2::{Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

use crate::pipeline;

/// What is distorted: items of every kind, bodies of every construct.
const SEEDS: &[&str] = &[
    "#[inline] pub fn f<T: Real, const N: usize>(x: &[T; N], (a, b): (T, T), #[constant] k: usize) -> Option<T> \
     where T: Copy { let mut s = x[0] * a; for i in 0..k { s += x[i].sin() / b; } if s > a { Some(s) } else { None } }",
    "fn g(&mut self, x: f64) -> Result<f64, E> { let y = self.h(x)?; self.s.w[2] += y; match y { 0.0 => return Ok(y), \
     _ if y < 1.0 => {} v => { let w = v as f32; } } Ok(y.max(2.0).powi(3)) }",
    "impl<T> Mul<V<T>> for f64 where T: Real { type Output = V<T>; fn mul(self, v: V<T>) -> V<T> { V { x: self * v.x, \
     ..v } } }",
    "trait M { type P; fn loss(&self, p: &Self::P, x: &mut [f64]) -> f64; fn two(x: f64) -> f64 { 2.0 * x } }",
    "mod m { use super::*; fn f(x: Vec<f64>) -> f64 { x.iter().zip(&x).map(|(a, b)| a * b).sum() } struct S; \
     impl S { fn g(x: E) -> E { while x > 0.0 { x -= 1.0; } loop { break x } } } }",
    "fn h(n: usize, x: f64) -> f64 { #[cfg(a)] let x = -x; let c = |y: f64| y * x; let [p, .., q] = [x, 1.0, c(x)]; \
     #[max_iters(9)] 'l: loop { if p > q { break 'l; } continue; } unsafe { S = x }; assert!(x > 0.0, \"{x}\"); q }",
];

const ATTRIBUTES: &[&str] = &[
    "",
    "wrt(x), name = g",
    "wrt(self, k), crate = a::b",
    "in_trait",
    "associated, no_alloc",
    "x = n as f64 * x, y = out",
    "= , (",
];

/// A linear congruential generator: the same nonsense in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }

    fn token(&mut self) -> TokenTree {
        const WORDS: [&str; 14] = [
            "x", "self", "Self", "f64", "let", "mut", "fn", "if", "for", "return", "impl", "crate",
            "async", "_",
        ];
        match self.below(4) {
            0 => Punct::new(
                ['+', '=', '&', '#', ';', ':', ',', '|', '?', '!'][self.below(10)],
                Spacing::Alone,
            )
            .into(),
            1 => Literal::usize_unsuffixed(self.below(9)).into(),
            _ => Ident::new(WORDS[self.below(WORDS.len())], Span::call_site()).into(),
        }
    }

    /// The stream with each token replaced, dropped, doubled or followed by another, once in a while.
    fn distort(&mut self, tokens: TokenStream, rate: usize) -> TokenStream {
        let mut out = Vec::new();
        for token in tokens {
            let token = match token {
                TokenTree::Group(group) => {
                    let inner = self.distort(group.stream(), rate);
                    TokenTree::Group(Group::new(group.delimiter(), inner))
                }
                token => token,
            };
            match self.below(rate) {
                0 => out.push(self.token()),
                1 => {}
                2 => out.extend([token.clone(), token]),
                3 => out.extend([token, self.token()]),
                _ => out.push(token),
            }
        }
        out.into_iter().collect()
    }
}

#[test]
fn nonsense_is_refused_without_panic() {
    let mut random = Random(42);
    for round in 0..3000 {
        let seed = SEEDS[round % SEEDS.len()].parse().unwrap_or_default();
        let rate = [30, 100, 400][random.below(3)];
        let item = random.distort(seed, rate);
        let attr: TokenStream = ATTRIBUTES[random.below(ATTRIBUTES.len())]
            .parse()
            .unwrap_or_default();
        let text = format!("#[differentiate({attr})] {item}");
        let expand = if random.below(5) == 0 {
            pipeline::derivative
        } else {
            pipeline::differentiate
        };
        let output = expand(attr, item).to_string();
        assert!(!output.contains("a stage panicked"), "a panic on {text}");
    }
}

/// Items that parse, a line each: kinds of items, patterns, jumps and expressions that few people write, and mistakes
/// that many make.
const ODD: &str = include_str!("odd_items.txt");

#[test]
fn odd_items_are_refused_or_expand() {
    for item in ODD.lines() {
        let tokens: TokenStream = item.parse().unwrap_or_default();
        let output = pipeline::differentiate(TokenStream::new(), tokens);
        let text = output.to_string();
        assert!(!text.contains("tapeless::internal"), "a fault on {item}");
        let refused_by_the_parser = text.contains("tapeless::syntax");
        let parses = syn::parse2::<syn::File>(output).is_ok();
        assert!(parses || refused_by_the_parser, "no Rust of {item}");
    }
}

#[test]
fn an_item_expands_alike_every_time() {
    for item in ODD.lines().chain(SEEDS.iter().copied()) {
        let expand =
            || pipeline::differentiate(TokenStream::new(), item.parse().unwrap_or_default());
        assert_eq!(expand().to_string(), expand().to_string(), "{item}");
    }
}
