//! Builds and runs `tests/no_std`: gradients without the standard library and without an allocator.
#![cfg(all(target_arch = "x86_64", target_os = "linux"))]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Builds a program for its bare target, in a folder of its own lest it wait for the lock of this very build.
fn cargo(arguments: &[&str]) -> (Output, PathBuf) {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("no_std");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no_std");
    let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .arg("--target-dir")
        .arg(&target)
        .current_dir(package)
        // Flags of the caller would replace those of the package.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .expect("cargo starts");
    (built, target)
}

fn build() -> PathBuf {
    let (built, target) = cargo(&["build", "--release"]);
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    target.join("x86_64-unknown-linux-gnu/release/tapeless-no-std")
}

#[test]
fn a_loop_without_a_bound_is_refused_without_an_allocator() {
    let (built, _) = cargo(&["check", "--release", "--bin=refused", "--features=refused"]);
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(!built.status.success(), "it has been compiled");
    for part in ["`#[max_iters(N)]`", "`#[checkpoints(N)]`", "refused.rs:9:5"] {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
}

fn mentions(binary: &[u8], symbol: &str) -> bool {
    binary
        .windows(symbol.len())
        .any(|window| window == symbol.as_bytes())
}

#[test]
fn gradients_need_no_standard_library_and_no_allocator() {
    let program = build();
    let status = Command::new(&program).status().expect("the program starts");
    assert_eq!(
        status.code(),
        Some(0),
        "the number of the check that failed, see tests/no_std/src/checks.rs"
    );

    let binary = std::fs::read(&program).expect("the program is there");
    assert!(
        mentions(&binary, "_start"),
        "the symbols have been stripped: nothing to look for"
    );
    for symbol in [
        "__rust_alloc",
        "__rustc_alloc",
        "__rg_alloc",
        "malloc",
        "alloc::",
        "ld-linux",
    ] {
        assert!(!mentions(&binary, symbol), "`{symbol}` is in the binary");
    }
}
