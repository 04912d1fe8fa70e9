//! The statements that add all up at once.

use syn::parse_quote;

use super::elements::{uncarry, Uncarried};
use super::{Lanes, Product};
use crate::ir::{
    build, BinOp, Block, Class, End, Kind, Loop, Op, Operand, Place, Proj, Selector, Stmt, Var,
    VarInfo,
};

impl Lanes {
    /// `if lo < hi { place += scales * dot(&a[lo..hi], &b[lo..hi]); }`
    pub(super) fn at_once(
        &mut self,
        product: Product,
        range: (Operand, Operand),
        (place, negate): (Place, bool),
    ) -> Option<[Stmt; 2]> {
        let (mut stmts, value) = self.sum(product, &range);
        stmts.push(Stmt::Add {
            place,
            value,
            negate,
        });
        let arms = [(stmts, Vec::new()), Default::default()];
        Some(if_any(range, arms, Vec::new(), &mut self.vars))
    }

    /// `let result = if lo < hi { init + scales * dot(&a[lo..hi], &b[lo..hi]) } else { init };`
    pub(super) fn carried_at_once(
        &mut self,
        product: Product,
        range: (Operand, Operand),
        l: &mut Loop,
        position: usize,
    ) -> Option<[Stmt; 2]> {
        let Uncarried {
            init,
            operator,
            result,
        } = uncarry(l, position)?;
        let kind = product.kind.clone();
        let (mut stmts, sum) = self.sum(product, &range);
        let var = self.fresh("d", kind);
        let op = Op::Binary(operator, init.clone(), sum);
        stmts.push(Stmt::Let { var, op });
        let arms = [(stmts, vec![Operand::Var(var)]), (Vec::new(), vec![init])];
        Some(if_any(range, arms, vec![result], &mut self.vars))
    }

    /// The sum of all products: the statements that make it.
    fn sum(&mut self, product: Product, (lo, hi): &(Operand, Operand)) -> (Vec<Stmt>, Operand) {
        let slices = product.elements.into_iter().map(|mut place| {
            place.path.pop();
            let (lo, hi) = (Some(lo.clone()), Some(hi.clone()));
            place.then(Proj::Slice { lo, hi })
        });
        let (op, kind) = (Op::Dot(slices.collect()), product.kind);
        let mut var = self.fresh("dot", kind.clone());
        let mut stmts = vec![Stmt::Let { var, op }];
        for scale in product.scales {
            let op = Op::Binary(BinOp::Mul, Operand::Var(var), scale);
            var = self.fresh("d", kind.clone());
            stmts.push(Stmt::Let { var, op });
        }
        (stmts, Operand::Var(var))
    }
}

/// `if lo < hi { … } else { … }`: a slice of no elements may begin where there are none.
pub fn if_any(
    (lo, hi): (Operand, Operand),
    arms: [(Vec<Stmt>, Vec<Operand>); 2],
    joins: Vec<Var>,
    vars: &mut Vec<VarInfo>,
) -> [Stmt; 2] {
    vars.push(VarInfo::new("some", Kind::Inert, Class::Value));
    let var = Var(vars.len() - 1);
    let op = build::cheap(parse_quote!(lo < hi), &[("lo", lo), ("hi", hi)]);
    let arms = arms.map(|(stmts, values)| Block {
        stmts,
        end: End::Yield(values),
    });
    let switch = Stmt::Switch {
        on: Selector::Bool(Operand::Var(var)),
        arms: arms.into(),
        joins,
    };
    [Stmt::Let { var, op }, switch]
}
