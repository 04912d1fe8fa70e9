//! Everything that is refused: name, sentence, remedy. Each row has a case in `tests/ui/<slug>.rs`.

/// Declares [`Slug`] from the table below. `{}` in a message is where the detail goes.
macro_rules! catalogue {
    ($($(#[$doc:meta])* $variant:ident $name:literal: $message:literal; help $help:literal;)*) => {
        /// What is refused.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Slug {
            $(#[doc = $message] $(#[$doc])* $variant,)*
        }

        impl Slug {
            /// Every row of the catalogue, in order.
            #[cfg(test)]
            pub const ALL: &'static [Slug] = &[$(Slug::$variant),*];

            /// The name that stands in the message and names the ui test.
            pub fn name(self) -> &'static str {
                match self { $(Slug::$variant => $name,)* }
            }

            /// What is wrong, in one sentence.
            pub fn message(self) -> &'static str {
                match self { $(Slug::$variant => $message,)* }
            }

            /// What to do instead.
            pub fn help(self) -> &'static str {
                match self { $(Slug::$variant => $help,)* }
            }
        }
    };
}

catalogue! {
    // The attribute and its item.
    Syntax "syntax": "{}";
        help "the attribute reads the function as Rust 2021 syntax; what it cannot read it cannot differentiate";
    NotAFunction "not-a-function": "`#[differentiate]` cannot differentiate {}";
        help "put it on a function, method, `impl` block, trait or inline module; structs take `#[derive(Differentiable)]`";
    OutOfLineModule "out-of-line-module": "`#[differentiate]` cannot see into a module kept in another file";
        help "write the module inline as `mod m { … }`, or put the attribute on its functions";
    AsyncFunction "async-function": "an `async` function cannot be differentiated";
        help "move the arithmetic into a plain function, differentiate that and call it from here";
    UnsafeFunction "unsafe-function": "an `unsafe` function cannot be differentiated";
        help "make the function safe, or write its rule by hand as a function with the suffix `_vjp`";
    ExternFunction "extern-function": "a function with a foreign ABI cannot be differentiated";
        help "differentiate a plain Rust function and call it from the `extern` one";
    VariadicFunction "variadic-function": "a variadic function cannot be differentiated";
        help "take a slice instead";
    OpaqueArgument "opaque-argument": "an argument of type {} cannot be active: its floats cannot be seen";
        help "use a type parameter bounded by `Differentiable`, or mark the argument `#[constant]`; a function may take and give floats and types made of them, by value or, what it takes, behind `&`";
    OpaqueResult "opaque-result": "a result of type {} cannot be differentiated";
        help "return a concrete type, such as `f64`, an array or a `Vec`, or a `&` to a part of what a `&` argument refers to";
    IteratorResult "iterator-result": "an iterator has no cotangent: {}";
        help "call it by its name, or on `self`, from a function in the same annotated module or `impl` block: there it stands in place of its calls, if it ends with one chain of adaptors and says no type parameter; or `collect` into a `Vec`";
    SameSiblings "same-siblings": "the siblings of {} would have the names of another one's of this type";
        help "put `#[differentiate(name = …)]` on one of the `impl` blocks: that name stands before those of its siblings; or have them in the trait, with `#[differentiate]` on its definition";
    NothingActive "nothing-active": "no parameter carries floats, so there is nothing to differentiate with respect to";
        help "remove the attribute, or make one of the parameters active; if differentiated functions call it, say `#[differentiate(inert)]`";
    NothingToDifferentiate "nothing-to-differentiate": "no result carries floats, so there is nothing to differentiate";
        help "return a float, or write the result through an active `&mut` parameter; if differentiated functions call it, say `#[differentiate(inert)]`";

    TooManyConditions "too-many-conditions": "there are more than six different `#[cfg]` conditions in this body";
        help "move parts of it into functions of their own";

    // Options.
    UnknownOption "unknown-option": "unknown option {}";
        help "the options are `wrt(…)`, `forward`, `hessian`, `jacobian`, `no_alloc`, `associated`, `in_trait`, `inert`, `float(…)`, `name = …` and `crate = …`";
    RepeatedOption "repeated-option": "option {} is given twice";
        help "remove one of them";
    MalformedOption "malformed-option": "option {} is not written like this";
        help "write `wrt(a, b)`, `name = ident`, `crate = path`, and the other options as a bare word";
    MisplacedOption "misplaced-option": "option {} means nothing here";
        help "remove it: `associated` is for functions inside an `impl`, `in_trait` for a trait's `impl`, `inert` and `wrt` for a single function, `name` for one and for the `impl` of a trait";
    PrimitiveImpl "primitive-impl": "there is no place for the siblings of a trait's methods on {}";
        help "put `#[differentiate]` on the trait and `#[differentiate(in_trait)]` here, so that they are members of the trait";
    UnaskedBound "unasked-bound": "the siblings need a bound on {}, for which the trait does not ask";
        help "write it at the `impl`: `tapeless::Real` for a float, `tapeless::Differentiable` for anything else; or make the type a parameter or an associated type of the trait, with a bound that says what it is";
    IndexByField "index-by-field": "where this element stands depends on a field, which the cotangent does not have";
        help "make the size a const parameter or a constant, or remove `#[differentiate]` here and index the vector inside where elements are read, `m.data[i * m.cols + j]`";
    UnsizedImpl "unsized-impl": "siblings of a trait's methods are for types with a size, and {} has none";
        help "implement the trait for an array, a `Vec` or a struct around it, or write free functions that take the slice";
    Jacobian "jacobian": "option `jacobian` is not available yet for {}";
        help "return a tuple of floats, or an array of them of at most 16 whose length is written as a number; for one float there is `_grad`, and for anything else `_vjp`, called once per row. In an annotated module calls that write are seen through";
    ForwardMode "forward-mode": "option {} is not available yet";
        help "use the reverse-mode siblings `_grad`, `_value_and_grad`, `_grad_into` and `_vjp`";
    WrtUnknown "wrt-unknown": "`wrt` names something that is not a parameter: {}";
        help "name parameters of this function, or `self`";
    WrtRepeated "wrt-repeated": "`wrt` names {} twice";
        help "name each parameter once";
    WrtInert "wrt-inert": "`wrt` names {}, which carries no floats";
        help "remove it from the list: there is no gradient with respect to integers, conditions or text";
    WrtConstant "wrt-constant": "{} is marked `#[constant]` and named by `wrt`";
        help "keep one of the two";
    FloatUnknown "float-unknown": "`float` names {}, of which this function says nothing";
        help "name type parameters that the function mentions";
    InertFloats "inert-floats": "`inert` is for functions that take or give no floats: {} carries some";
        help "remove the option; to stop a gradient at an expression, write `tapeless::constant(…)`";
    RepeatedAttribute "repeated-attribute": "this function carries two attributes that would generate the same siblings";
        help "keep one of `#[differentiate]` and `#[derivative]`";
    MisplacedConstant "misplaced-constant": "`#[constant]` takes no arguments and belongs on a parameter, a field, or a function inside an annotated `mod`, `impl` or trait";
        help "remove it; to stop a gradient at an expression, write `tapeless::constant(…)`";
    MisplacedLimit "misplaced-limit": "{} belongs on a loop, with one argument";
        help "write it directly before `for`, `while` or `loop`, as in `#[max_iters(64)] for …`";

    // `#[derivative(…)]`.
    MalformedDerivative "malformed-derivative": "`#[derivative]` is not written like this";
        help "write `#[derivative(x = formula)]`, one formula per parameter, over the parameters and `out`";
    DerivativeUnknown "derivative-unknown": "a formula for something that is not a parameter: {}";
        help "name a parameter; each formula is the partial derivative with respect to it";
    DerivativeRepeated "derivative-repeated": "{} has two formulas";
        help "give one formula per parameter";
    DerivativeMissing "derivative-missing": "{} carries floats, but has no formula";
        help "add its partial derivative, or mark the parameter `#[constant]`";
    DerivativeScalar "derivative-scalar": "`#[derivative]` is for functions of floats by value that return a float";
        help "write a function with the suffix `_vjp` by hand for anything else";
    DerivativeReserved "derivative-reserved": "a parameter of a function with `#[derivative]` cannot be called `out`";
        help "rename it: in a formula `out` is the function's result";

    // `#[derive(Differentiable)]`.
    DeriveUnion "derive-union": "a union cannot be `Differentiable`";
        help "use a struct or an enum";
    DeriveOption "derive-option": "unknown option {} of `#[differentiable]`";
        help "the options are `cotangent = Name` and `crate = path`";
    MalformedDerive "malformed-derive": "`#[differentiable]` is not written like this";
        help "write `#[differentiable(cotangent = Name)]` above the struct or enum";
    DeriveField "derive-field": "a field of type {} cannot be differentiated";
        help "mark the field `#[constant]`";

    // Gradients that would be lost.
    GradientLost "gradient-lost": "an active value is written into {}, where its derivative would be lost";
        help "make the place active, or say `tapeless::constant(…)` if the gradient shall stop here";
    BitOperation "bit-operation": "the bits of an active float have no derivative";
        help "compute with the float itself, or say `tapeless::constant(…)` if the gradient shall stop here";
    StaticWrite "static-write": "a write to a static cannot be differentiated";
        help "pass the state as a `&mut` parameter";
    RawPointer "raw-pointer": "raw pointers cannot be differentiated";
        help "use references or slices, or write the function's rule by hand as a function with the suffix `_vjp`";
    UnsafeBlock "unsafe-block": "an `unsafe` block cannot be differentiated";
        help "move it into a function and write that function's rule by hand, with the suffix `_vjp`";
    InlineAssembly "inline-assembly": "inline assembly cannot be differentiated";
        help "move it into a function and write that function's rule by hand, with the suffix `_vjp`";
    Await "await": "`async` blocks and `.await` cannot be differentiated";
        help "move the arithmetic into a plain function and differentiate that";
    Yield "yield": "`yield` cannot be differentiated";
        help "collect the values into a `Vec` or an array";
    InteriorMutability "interior-mutability": "a write through {} cannot be followed";
        help "pass the state as a `&mut` parameter or keep it in a `let mut`";
    StoredReference "stored-reference": "writes through this reference cannot be followed";
        help "write to the variable itself, or pass `&mut` directly to the function that writes";
    MovingReference "moving-reference": "this reference cannot be followed: {}";
        help "where a list or a tree is walked, write the walk as a recursive function of the node; of several places choose the value, or the position in an array or a slice of them";
    WrittenParts "written-parts": "a call writes two parts of one value, of which it is not known that they are apart";
        help "take them apart with `split_at_mut`, or pass the whole and the positions";
    EscapingClosure "escaping-closure": "a closure that captures active values cannot be stored or passed on";
        help "call it directly where it is defined, or hand it, `|x| …` or `&|x| …`, to a function that takes `impl Fn` and carries the attribute; it may change nothing outside";
    DynCall "dyn-call": "a call through `dyn` cannot be differentiated";
        help "make the function generic over the trait, with its siblings in the trait";
    FunctionPointer "function-pointer": "a call of a function that is held in a variable cannot be differentiated";
        help "call the function by its name, in a `match` where there are several, or take it as a parameter of its own, `f: impl Fn(f64) -> f64`, that is not `#[constant]`; constants may go into it";
    ParallelIterator "parallel-iterator": "parallel iterators cannot be differentiated";
        help "differentiate the function of one element and sum the gradients in parallel";
    UnsupportedAdaptor "unsupported-adaptor": "iterator method {} cannot be differentiated";
        help "write a `for` loop, or keep to `iter`, `windows`, `chunks`, `copied`, `enumerate`, `zip`, `map`, `filter`, `flat_map`, `scan`, `skip`, `take`, `rev`, `step_by`, `chain`, `cycle` and `sum`, `product`, `fold`, `reduce`, `for_each`, `min_by`, `max_by`, `find`, `collect`, `unzip`, `count`, `last`, `all`, `any`";
    SharedFunction "shared-function": "a function that is handed to two places of one call cannot be differentiated: there is one rule for it";
        help "hand it over once, or differentiate the two calls apart";
    GivenIterator "given-iterator": "an iterator that the function is given cannot be followed: {}";
        help "take a slice; if it is `#[constant]`, its items can be gone through to the end";
    UnknownMacro "unknown-macro": "the macro {} cannot be differentiated: what it expands to is not visible";
        help "write out what it computes, or wrap it in a function with a rule of its own; a macro that only looks at variables can be a statement of its own";
    GradientOfGradient "gradient-of-gradient": "a call of the generated gradient {} cannot be differentiated in reverse";
        help "second derivatives come from the option `hessian`";

    // What the body may not say.
    UnseenType "unseen-type": "the type of this value is not seen: {}";
        help "bind it to a name first, with its type: `let value: [f64; 3] = …;`";
    UnsupportedExpression "unsupported-expression": "{} cannot be differentiated";
        help "write it with plain arithmetic, branches, loops and calls, or move it into a function with a rule of its own";
    UnsupportedPattern "unsupported-pattern": "this pattern cannot be followed";
        help "bind the value to a name and take it apart with `let` or field access";
    InnerGlob "inner-glob": "what a module brings into a block by `*` cannot be told from the names around it";
        help "name what the block uses, as in `use m::{f, K};`, or put the `use` before the function";
    UnsupportedClosure "unsupported-closure": "this closure cannot be inlined at its calls";
        help "make it a function with its own `#[differentiate]`";
    CheckpointSlice "checkpoint-slice": "under `no_alloc` the states of this loop cannot be saved: it writes {}, whose length is not known";
        help "use an array of constant size, write `#[max_iters(N)]` instead of `#[checkpoints(N)]`, or remove `no_alloc`";
    LoopStorage "loop-storage": "under `no_alloc` this loop needs a bound: what its reverse sweep needs is stored once per iteration";
        help "write `#[max_iters(N)]` or `#[checkpoints(N)]` before the loop, or remove `no_alloc`";
    ValueStorage "value-storage": "under `no_alloc` a copy or cotangent of {} would be on the heap";
        help "use an array of constant size, or remove `no_alloc`";
    TooDeep "too-deep": "this expression is nested too deeply";
        help "name some of its parts with `let`";
    Internal "internal": "the macro failed on this function: {}";
        help "this is a bug in tapeless; please report it with the function";
}
