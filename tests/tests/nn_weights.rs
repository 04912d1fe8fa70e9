//! Saving and loading weights: what was saved comes back, and what is wrong with a file is said.

use tapeless::matrix::{DMatrix, DVector, Matrix, Vector};
use tapeless::nn::raw::{self, WrongLength};
use tapeless::nn::safetensors::{load, save, Error, Tensor};
use tapeless::nn::{HeapLinear, Rng, StackLinear};

type Layer = StackLinear<f32, 3, 2>;

fn layer() -> Layer {
    Layer::new(&mut Rng::with_seed(5))
}

fn saved() -> Vec<u8> {
    let layer = layer();
    save(&[("fc1.weight", &layer.weight), ("fc1.bias", &layer.bias)]).unwrap()
}

#[test]
fn back_again() {
    let mut heap = HeapLinear::<f32>::zeros(3, 2);
    load(
        &saved(),
        &mut [
            ("fc1.weight", &mut heap.weight),
            ("fc1.bias", &mut heap.bias),
        ],
    )
    .unwrap();
    assert_eq!(heap.weight.as_slice(), layer().weight.as_slice());
    assert_eq!(heap.bias.as_slice(), layer().bias.as_slice());

    let wide = DMatrix::from_rows([[0.1_f64, -0.0], [f64::MAX, f64::MIN_POSITIVE]]);
    let mut read = DMatrix::zeros(2, 2);
    load(&save(&[("w", &wide)]).unwrap(), &mut [("w", &mut read)]).unwrap();
    assert_eq!(read, wide);
}

/// The layout is that of the format's definition, (out, in) row by row.
#[test]
fn pytorch_layout() {
    let bytes = save(&[("w", &Matrix::new([[1.0_f32, 2.0, 3.0], [4.0, 5.0, 6.0]]))]).unwrap();
    let header = String::from_utf8_lossy(&bytes[8..]);
    assert!(
        header.starts_with(r#"{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"#),
        "{header}"
    );
    let expected: Vec<u8> = (1..=6_u8)
        .flat_map(|x| f32::from(x).to_le_bytes())
        .collect();
    assert!(bytes.ends_with(&expected));
}

/// Loads a file into a layer that must be left as it was.
fn refused(bytes: &[u8], weight: &str, bias: &mut dyn Tensor) -> Error {
    let mut into = Matrix::<f32, 2, 3>::from_fn(|i, j| (i * 3 + j) as f32);
    let before = into;
    let error = load(bytes, &mut [(weight, &mut into), ("fc1.bias", bias)]).unwrap_err();
    assert_eq!(into, before, "nothing is half-loaded");
    error
}

#[test]
fn truncated_or_damaged() {
    let bytes = saved();
    for length in [0, 4, 8, 20, bytes.len() - 1] {
        let error = refused(
            &bytes[..length],
            "fc1.weight",
            &mut Vector::<f32, 2>::zeros(),
        );
        assert!(matches!(error, Error::Format(_)), "{length}: {error}");
    }
    let mut damaged = bytes.clone();
    damaged[10] = 0xff;
    let error = refused(&damaged, "fc1.weight", &mut Vector::<f32, 2>::zeros());
    assert!(matches!(error, Error::Format(_)), "{error}");
}

/// Whatever happened to a file, loading it neither panics nor leaves half of it behind.
#[test]
fn any_damage() {
    let bytes = saved();
    let check = |bytes: &[u8], whole: bool| {
        let (mut weight, mut bias) = (Matrix::<f32, 2, 3>::zeros(), Vector::<f32, 2>::zeros());
        let outcome = load(
            bytes,
            &mut [("fc1.weight", &mut weight), ("fc1.bias", &mut bias)],
        );
        assert!(whole || outcome.is_err());
        if outcome.is_err() {
            assert_eq!((weight, bias), (Matrix::zeros(), Vector::zeros()));
        }
    };
    for length in 0..bytes.len() {
        check(&bytes[..length], false);
    }
    for at in 0..bytes.len() {
        for flipped in [0x01, 0x10, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flipped;
            check(&damaged, true);
        }
    }
}

#[test]
fn mis_shaped() {
    let error = refused(&saved(), "fc1.weight", &mut DVector::<f32>::zeros(3));
    assert_eq!(
        error.to_string(),
        "tensor `fc1.bias` has shape [2] in the file, and [3] here",
    );
}

#[test]
fn mis_typed() {
    let error = refused(&saved(), "fc1.weight", &mut DVector::<f64>::zeros(2));
    assert_eq!(
        error.to_string(),
        "tensor `fc1.bias` has elements of type F32 in the file, and others here",
    );
}

#[test]
fn missing() {
    let error = refused(&saved(), "fc2.weight", &mut Vector::<f32, 2>::zeros());
    assert_eq!(error.to_string(), "no tensor `fc2.weight` in the file");
}

#[test]
fn named_twice() {
    let bias = Vector::<f32, 2>::zeros();
    assert!(matches!(
        save(&[("b", &bias), ("b", &bias)]),
        Err(Error::Format(_))
    ));
}

#[test]
fn raw_weights() {
    let bytes = raw::to_bytes(&layer());
    assert_eq!(bytes.len(), 8 * 4);
    let mut read = Layer::zeros();
    raw::read(&bytes, &mut read).unwrap();
    assert_eq!(read, layer());
    let floats: [f32; 8] = raw::f32s(&bytes);
    assert_eq!(floats[..6], *layer().weight.as_slice());

    let mut kept = layer();
    let error = raw::read(&bytes[1..], &mut kept).unwrap_err();
    assert_eq!(
        error,
        WrongLength {
            expected: 32,
            found: 31
        }
    );
    assert_eq!(kept, layer());
}
