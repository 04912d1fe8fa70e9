//! The statements of an iteration that lead to the vectors of its record.

use std::collections::{HashMap, HashSet};

use super::{change, Afresh, Pair};
use crate::differentiate::need::stmt_weight;
use crate::ir::uses::{self, defined};
use crate::ir::walk::{vars, Role};
use crate::ir::{Class, End, Head, Kind, Loop, Op, Operand, Stmt, Var};

/// What an element of a vector may cost, in additions, to be computed again rather than kept.
const MOST: u32 = 16;

/// What is computed again.
pub(super) struct Slice {
    pub stmts: Vec<Stmt>,
    /// The parts of the record: their positions, and the vectors that they hold.
    pub targets: Vec<(usize, Var)>,
    /// The vectors' length.
    pub length: Operand,
    /// What variables of the forward loop are called in the reverse loop.
    pub names: HashMap<Var, Var>,
}

impl Slice {
    /// The vectors of a record that the others lead to, and how.
    pub fn of(pair: &Pair<'_>, of: &Afresh) -> Option<Slice> {
        let Search { targets, length } = Search::of(pair, of)?;
        let stmts = backwards(pair, &targets);
        let mut slice = Slice {
            stmts,
            targets,
            length,
            names: HashMap::new(),
        };
        (slice.is_cheap() && slice.reads_what_is_there(pair, of)).then_some(slice)
    }

    /// Whether running the statements again costs little.
    fn is_cheap(&self) -> bool {
        let weights = self.stmts.iter().map(weight);
        let total = weights.sum::<Option<u32>>();
        let vectors = u32::try_from(self.targets.len()).unwrap_or(u32::MAX);
        total.is_some_and(|total| total <= MOST.saturating_mul(vectors))
    }

    /// Whether all that the statements read is in the reverse loop what it was in the forward loop. Names what is called
    /// otherwise there.
    fn reads_what_is_there(&mut self, pair: &Pair<'_>, of: &Afresh) -> bool {
        let mut own = HashSet::new();
        let mut read = HashSet::new();
        for stmt in &self.stmts {
            vars::stmt(stmt, &mut |var, role| {
                let set = if role == Role::Def {
                    &mut own
                } else {
                    &mut read
                };
                set.insert(*var);
            });
        }
        let mut outside: Vec<Var> = read.difference(&own).copied().collect();
        outside.sort_unstable();
        outside.into_iter().all(|var| self.finds(var, pair, of))
    }

    /// Whether the reverse loop finds a variable from outside of the statements.
    fn finds(&mut self, var: Var, pair: &Pair<'_>, of: &Afresh) -> bool {
        let heads = (&pair.forward.head, &pair.reverse.head);
        if let (Head::Counted { index, .. }, Head::Counted { index: again, .. }) = heads {
            if *index == var {
                self.names.insert(var, *again);
                return true;
            }
        }
        if is_of_iteration(var, pair.forward) {
            return false;
        }
        match of.vars[var.0].class {
            Class::Value => true,
            Class::Root | Class::Ref | Class::RefMut => self.finds_memory(var, pair, of),
            _ => false,
        }
    }

    fn finds_memory(&mut self, root: Var, pair: &Pair<'_>, of: &Afresh) -> bool {
        if change(&self.stmts, root) {
            // Nobody else looks at it, and every run fills it first.
            let inside = mentions(&pair.forward.body.stmts, root);
            let all = of.mentions.get(&root).copied().unwrap_or_default();
            return of.scratch.contains_key(&root) && all == inside + 1;
        }
        let loops = [&pair.forward.body.stmts, &pair.reverse.body.stmts];
        let changes = loops.iter().any(|stmts| change(stmts, root)) || change(pair.between, root);
        if !changes {
            return true;
        }
        let kept = kept_at_first(root, pair);
        self.names.extend(kept.map(|kept| (root, kept)));
        kept.is_some()
    }
}

/// Where an iteration's record has what memory held at its start: the reverse loop's name of that. A copy that the
/// iteration changes is none.
fn kept_at_first(root: Var, pair: &Pair<'_>) -> Option<Var> {
    let stmts = &pair.forward.body.stmts;
    let at_first = stmts
        .iter()
        .enumerate()
        .filter_map(|(at, stmt)| match stmt {
            Stmt::Let {
                var,
                op: Op::Keep(place),
            } if place.root == root && place.path.is_empty() => {
                (!change(&stmts[..at], root) && !change(&stmts[at + 1..], *var)).then_some(var)
            }
            _ => None,
        });
    let recorded = |copy: &Var| pair.pushed.iter().position(|pushed| pushed == copy);
    at_first
        .filter_map(recorded)
        .next()
        .map(|position| pair.unpacked[position])
}

/// Whether a variable is the iteration's own.
fn is_of_iteration(var: Var, l: &Loop) -> bool {
    let carried = l.carried.iter().any(|carried| carried.var == var);
    carried || l.body.stmts.iter().any(|stmt| defined(stmt).contains(&var))
}

fn mentions(stmts: &[Stmt], root: Var) -> usize {
    let mut count = 0;
    for stmt in stmts {
        vars::stmt(stmt, &mut |var, _| count += usize::from(*var == root));
    }
    count
}

/// What a statement costs for each element.
fn weight(stmt: &Stmt) -> Option<u32> {
    match stmt {
        Stmt::Let {
            op: Op::Keep(_) | Op::Aggregate(..),
            ..
        } => Some(1),
        Stmt::Loop(l) => {
            let counted = matches!(l.head, Head::Counted { .. }) && l.limit.is_none();
            let straight = matches!(l.body.end, End::Yield(_));
            let weights = l.body.stmts.iter().map(stmt_weight);
            weights.sum::<Option<u32>>().filter(|_| counted && straight)
        }
        stmt => stmt_weight(stmt),
    }
}

/// The vectors of a record that may be computed again: all that are made in the iteration, of one length.
struct Search {
    targets: Vec<(usize, Var)>,
    length: Operand,
}

impl Search {
    fn of(pair: &Pair<'_>, of: &Afresh) -> Option<Search> {
        let mut found: Option<Search> = None;
        for (position, pushed) in pair.pushed.iter().enumerate() {
            let Some((root, length)) = vector(*pushed, pair, of) else {
                continue;
            };
            let search = found.get_or_insert_with(|| Search {
                targets: Vec::new(),
                length: length.clone(),
            });
            if search.length.is_same(&length) {
                search.targets.push((position, root));
            }
        }
        found
    }
}

/// The iteration's vector that a part of its record is or is a copy of, and its length.
fn vector(pushed: Var, pair: &Pair<'_>, of: &Afresh) -> Option<(Var, Operand)> {
    let stmts = &pair.forward.body.stmts;
    let op = stmts.iter().find_map(|stmt| match stmt {
        Stmt::Let { var, op } if *var == pushed => Some(op),
        _ => None,
    });
    let root = match op? {
        // Made for the record alone: the iteration itself may be without it.
        Op::Keep(place) if place.path.is_empty() && of.mentions.get(&pushed) == Some(&2) => {
            place.root
        }
        Op::Keep(_) => return None,
        _ => pushed,
    };
    let floats = matches!(&of.vars[root.0].kind, Kind::Vec(item) if item.is_float());
    let own = stmts
        .iter()
        .any(|stmt| matches!(stmt, Stmt::Let { var, .. } if *var == root));
    let length = of.scratch.get(&root)?;
    let outside = length
        .var()
        .is_none_or(|var| !is_of_iteration(var, pair.forward));
    (floats && own && outside).then(|| (root, length.clone()))
}

/// The statements of an iteration that some parts of its record depend on.
fn backwards(pair: &Pair<'_>, targets: &[(usize, Var)]) -> Vec<Stmt> {
    let mut needed: HashSet<Var> = targets.iter().map(|(at, _)| pair.pushed[*at]).collect();
    let mut slice = Vec::new();
    for stmt in pair.forward.body.stmts.iter().rev() {
        if matches!(stmt, Stmt::Push { .. }) || !gives(stmt, &needed) {
            continue;
        }
        vars::stmt(stmt, &mut |var, _| {
            needed.insert(*var);
        });
        slice.push(stmt.clone());
    }
    slice.reverse();
    slice
}

/// Whether a statement defines or changes any of these.
fn gives(stmt: &Stmt, needed: &HashSet<Var>) -> bool {
    let defines = defined(stmt).iter().any(|var| needed.contains(var));
    let mut changes = false;
    uses::of_stmt(stmt, &mut |used| {
        changes |= used.mutates() && needed.contains(&used.var())
    });
    for inner in uses::blocks(stmt) {
        uses::of_block(inner, &mut |used| {
            changes |= used.mutates() && needed.contains(&used.var())
        });
    }
    defines || changes
}
