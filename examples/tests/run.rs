//! Runs the examples as a user would, from a folder of their own, and looks at what they print.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs an example with these arguments. `cargo test` builds the examples beside the tests.
fn run(name: &str, arguments: &[&str]) -> Output {
    let test = std::env::current_exe().expect("a test knows where it is");
    let folder = test
        .ancestors()
        .nth(2)
        .expect("tests are in target/PROFILE/deps");
    let program = folder.join("examples").join(name);
    Command::new(&program)
        .args(arguments)
        .current_dir(scratch(name))
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", program.display()))
}

/// A folder of its own for each test.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("the target folder can be written to");
    folder
}

/// What an example printed, having succeeded.
#[track_caller]
fn printed(name: &str, arguments: &[&str]) -> String {
    let output = run(name, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {errors}");
    String::from_utf8(output.stdout).expect("examples print UTF-8")
}

/// The last number before this word.
#[track_caller]
fn number_before(text: &str, word: &str) -> f64 {
    let before = &text[..text.rfind(word).expect("the word is printed")];
    let number = before
        .split_whitespace()
        .last()
        .and_then(|number| number.parse().ok());
    number.expect("a number stands before the word")
}

#[test]
fn small_ones() {
    // They check their own results.
    for name in [
        "quickstart",
        "custom_rule",
        "look_inside",
        "gradient_descent",
        "backprop_equations",
        "xor",
    ] {
        assert!(!printed(name, &[]).is_empty());
    }
}

#[test]
fn toy_network() {
    let text = printed("toy_network", &[]);
    assert!(text.contains("d/dβ0   -13.185"), "{text}");
    assert_eq!(
        text.lines().filter(|line| line.starts_with("d/d")).count(),
        8
    );
}

#[test]
fn optimizers_draw_their_paths() {
    printed("optimizers", &["paths.png"]);
    assert_png(&scratch("optimizers").join("paths.png"));
}

#[track_caller]
fn assert_png(path: &Path) {
    let picture = std::fs::read(path).expect("the picture is there");
    assert!(picture.starts_with(b"\x89PNG") && picture.len() > 10_000);
}

#[test]
fn digits_are_learnt() {
    let text = printed("digits", &["--epochs", "8"]);
    assert!(
        text.starts_with("1437 images to learn from, 360 to be tested with"),
        "{text}"
    );
    assert!(number_before(&text, " %") >= 95.0, "{text}");
    assert_eq!(
        text,
        printed("digits", &["--epochs", "8"]),
        "the same seed gives the same run"
    );
}

#[test]
fn mnist_is_learnt_saved_and_loaded() {
    let data = scratch("mnist").join("data");
    small_mnist(&data);
    let data = data.to_str().expect("the target folder's name is UTF-8");
    let train = [
        "--data",
        data,
        "--epochs",
        "2",
        "--save",
        "weights",
        "--plot",
        "curves.png",
    ];
    let text = printed("mnist", &train);
    assert!(number_before(&text, " % after") >= 60.0, "{text}");
    assert_png(&scratch("mnist").join("curves.png"));
    let more = [
        "--data",
        data,
        "--epochs",
        "1",
        "--load",
        "weights",
        "--threads",
        "2",
    ];
    let again = printed("mnist", &more);
    assert!(
        number_before(&again, " % after") >= number_before(&text, " % after"),
        "{again}"
    );
    // More threads, the same weights to the last bit.
    let thread = [
        "--data",
        data,
        "--epochs",
        "2",
        "--save",
        "other",
        "--threads",
        "2",
    ];
    printed("mnist", &thread);
    let weights = |name: &str| std::fs::read(scratch("mnist").join(name)).expect("they were saved");
    assert_eq!(weights("weights"), weights("other"));
    let refused = run("mnist", &["--data", data, "--load", "curves.png"]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("not a readable safetensors file"));
}

/// The first 1,000 training and 200 test images of the data set here, uncompressed.
fn small_mnist(folder: &Path) {
    use tapeless_examples::data::Idx;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/mnist-12k");
    std::fs::create_dir_all(folder).expect("the target folder can be written to");
    for (name, dimensions, count) in [
        ("train-images-idx3-ubyte", 3, 1000),
        ("train-labels-idx1-ubyte", 1, 1000),
        ("t10k-images-idx3-ubyte", 3, 200),
        ("t10k-labels-idx1-ubyte", 1, 200),
    ] {
        let mut idx = Idx::read(&source.join(format!("{name}.gz")), dimensions)
            .expect("the data set is undamaged");
        idx.elements
            .truncate(idx.elements.len() / idx.shape[0] * count);
        idx.shape[0] = count;
        std::fs::write(folder.join(name), encoded(&idx.shape, &idx.elements))
            .expect("it can be written");
    }
}

/// The bytes of an IDX file.
fn encoded(shape: &[usize], elements: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, shape.len() as u8];
    for &length in shape {
        file.extend((length as u32).to_be_bytes());
    }
    file.extend(elements);
    file
}

/// Runs `digits` on a folder with these files, and returns what it says about them.
#[track_caller]
fn refused(case: &str, files: &[(&str, Vec<u8>)]) -> String {
    let folder = scratch("refused").join(case);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the target folder can be written to");
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).expect("it can be written");
    }
    let output = run(
        "digits",
        &["--data", folder.to_str().expect("its name is UTF-8")],
    );
    assert_eq!(output.status.code(), Some(1), "{case}");
    String::from_utf8(output.stderr).expect("examples print UTF-8")
}

#[test]
fn bad_files_are_refused() {
    let images = |count: usize| encoded(&[count, 2, 2], &vec![7; count * 4]);
    let labels = |label: u8| encoded(&[20], &[label; 20]);
    let of = |images, labels| vec![("images-idx3-ubyte", images), ("labels-idx1-ubyte", labels)];
    let mut truncated = images(20);
    truncated.pop();
    let mut long = images(20);
    long.push(0);
    let gzip = std::fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("data/digits8x8/images-idx3-ubyte.gz"),
    );
    let gzip = gzip.expect("the data set is there")[..20_000].to_vec();
    let huge = encoded(&[u32::MAX as usize; 3], &[1, 2, 3]);
    for (case, files, message) in [
        (
            "nothing",
            vec![],
            "not a folder with train-images-idx3-ubyte",
        ),
        (
            "no_labels",
            of(images(20), vec![])[..1].to_vec(),
            "labels-idx1-ubyte: cannot be read",
        ),
        (
            "truncated",
            of(truncated, labels(3)),
            "truncated: 79 of 80 bytes",
        ),
        (
            "long",
            of(long, labels(3)),
            "81 bytes of data, where its header says 80",
        ),
        ("huge", of(huge, labels(3)), "truncated: 3 of"),
        ("gzip", of(gzip, labels(3)), "damaged or truncated"),
        (
            "header",
            of(images(20)[..10].to_vec(), labels(3)),
            "not an IDX file",
        ),
        ("empty", of(vec![], labels(3)), "not an IDX file"),
        (
            "text",
            of(b"hello, world".to_vec(), labels(3)),
            "not an IDX file",
        ),
        (
            "floats",
            of(vec![0, 0, 13, 3], labels(3)),
            "of type 0x0d, not bytes",
        ),
        (
            "swapped",
            of(labels(3), images(20)),
            "has 1 dimensions instead of 3",
        ),
        (
            "mismatch",
            of(images(19), labels(3)),
            "20 labels do not go with 19 images",
        ),
        (
            "class",
            of(images(20), labels(10)),
            "label 10 is none of the ten classes",
        ),
        (
            "too_few",
            of(images(0), encoded(&[0], &[])),
            "0 images are too few",
        ),
    ] {
        let error = refused(case, &files);
        assert!(
            error.starts_with("error: ") && error.contains(message),
            "{case}: {error}"
        );
    }
}

#[test]
fn missing_data_and_wrong_options_are_refused() {
    for (arguments, message) in [
        (["--data", "not/there"], "not/there: cannot be read"),
        (["--epochs", "many"], "many"),
        (["--speed", "1"], "--speed"),
    ] {
        let output = run("digits", &arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            error.starts_with("error: ") && error.contains(message),
            "{error}"
        );
    }
}
