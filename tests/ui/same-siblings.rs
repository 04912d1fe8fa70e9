use tapeless::differentiate;

pub trait Next<T> {
    fn next(&mut self, input: T) -> f64;
}

#[differentiate]
mod indicators {
    use super::Next;

    #[derive(tapeless::Differentiable)]
    pub struct Bar {
        pub close: f64,
    }

    #[derive(Clone, tapeless::Differentiable)]
    pub struct Average {
        pub value: f64,
    }

    impl Next<f64> for Average {
        fn next(&mut self, input: f64) -> f64 {
            self.value = 0.9 * self.value + 0.1 * input;
            self.value
        }
    }

    impl Next<&Bar> for Average {
        fn next(&mut self, input: &Bar) -> f64 {
            self.next(input.close)
        }
    }

    // Another type has siblings of its own.
    #[derive(Clone, tapeless::Differentiable)]
    pub struct Sum {
        pub value: f64,
    }

    impl Next<f64> for Sum {
        fn next(&mut self, input: f64) -> f64 {
            self.value += input;
            self.value
        }
    }
}

fn main() {}
