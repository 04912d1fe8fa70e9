//! What loops store into.

use tapeless::__private::{keep, Stack};

#[test]
fn last_in_first_out() {
    let mut stack = Stack::<_, 3>::new("the loop");
    assert!(stack.is_empty());
    stack.push(String::from("a"));
    stack.push(keep(&String::from("b")));
    assert_eq!(stack.len(), 2);
    assert_eq!(stack.pop().as_deref(), Some("b"));
    assert_eq!(stack.pop().as_deref(), Some("a"));
    assert_eq!(stack.pop(), None);
}

#[test]
#[should_panic(expected = "the `while` loop ran more than 2 times")]
fn overflow_names_the_loop() {
    let mut stack = Stack::<_, 2>::new("the `while` loop");
    for i in 0..3 {
        stack.push(i);
    }
}
