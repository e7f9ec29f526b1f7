//! Finds the C library: in the folder that FLUENTSYNC_LIB_DIR names, or else through the program pkg-config.

use std::env;
use std::process::{exit, Command};

const LIBRARY: &str = "fluentsync_c";
const PACKAGE: &str = "fluentsync-c";

fn main() {
    for variable in ["FLUENTSYNC_LIB_DIR", "PKG_CONFIG", "PKG_CONFIG_PATH", "PKG_CONFIG_SYSROOT_DIR"] {
        println!("cargo:rerun-if-env-changed={}", variable);
    }
    println!("cargo:rerun-if-changed=build.rs");
    let folders = match env::var("FLUENTSYNC_LIB_DIR") {
        Ok(folder) => vec![folder],
        Err(_) => folders_from_pkg_config(),
    };
    println!("cargo:rustc-link-lib=dylib={}", LIBRARY);
    for folder in &folders {
        println!("cargo:rustc-link-search=native={}", folder);
    }
    // Dependents that want their own programs to find the library where it lies read this.
    println!("cargo:libdir={}", folders.join(":"));
}

/// The folders beside the system's own that the library lies in; often none.
fn folders_from_pkg_config() -> Vec<String> {
    let program = env::var("PKG_CONFIG").unwrap_or_else(|_| "pkg-config".to_string());
    let output = Command::new(&program).args(["--libs-only-L", PACKAGE]).output();
    let output = match output {
        Ok(output) => output,
        Err(reason) => give_up(&format!("{} does not run: {}", program, reason)),
    };
    if !output.status.success() {
        give_up(String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8_lossy(&output.stdout)
        .split_whitespace()
        .filter_map(|word| word.strip_prefix("-L").map(str::to_string))
        .collect()
}

fn give_up(reason: &str) -> ! {
    eprintln!("fluentsync-sys: the C library {} is not found: {}", LIBRARY, reason);
    eprintln!(
        "Install it (Debian: libfluentsync-dev), or name its folder: in PKG_CONFIG_PATH the one with {}.pc, \
         or in FLUENTSYNC_LIB_DIR the one with lib{}.so.",
        PACKAGE, LIBRARY
    );
    exit(1);
}
