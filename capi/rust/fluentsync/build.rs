//! Lets this package's own tests, examples and benchmarks find the library where it was linked.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if let Ok(folders) = env::var("DEP_FLUENTSYNC_C_LIBDIR") {
        for folder in folders.split(':').filter(|folder| !folder.is_empty()) {
            println!("cargo:rustc-link-arg=-Wl,-rpath,{}", folder);
        }
    }
}
