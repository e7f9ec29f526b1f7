//! What the safe `get` costs beside the raw C call, on one entity of 2,000 bytes: the medians of rounds that take turns,
//! as a row of the table that `sh cmake/bench_calls.sh` prints.

use fluentsync::Store;
use fluentsync_sys as sys;
use std::time::Instant;
use std::{env, fs, process, ptr};

const ROUNDS: usize = 21;
const CALLS: u32 = 2000;

fn nanoseconds_per_call(mut call: impl FnMut()) -> f64 {
    let begun = Instant::now();
    for _ in 0..CALLS {
        call();
    }
    begun.elapsed().as_nanos() as f64 / f64::from(CALLS)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn open_raw(options: &str) -> *mut sys::fluentsync_store {
    let (mut store, error) = (ptr::null_mut(), ptr::null_mut());
    let text = options.as_ptr().cast();
    let status =
        unsafe { sys::fluentsync_store_open(ptr::null_mut(), text, options.len(), &mut store, error) };
    assert_eq!(status, sys::FLUENTSYNC_OK);
    store
}

unsafe fn get_raw(store: *mut sys::fluentsync_store) -> usize {
    let (mut entity, mut length) = (ptr::null_mut(), 0);
    sys::fluentsync_store_get(
        store,
        "note".as_ptr().cast(),
        4,
        "a".as_ptr().cast(),
        1,
        &mut entity,
        ptr::null_mut(),
    );
    sys::fluentsync_entity_content(entity, &mut length);
    sys::fluentsync_entity_free(entity);
    length
}

fn main() {
    let folder = env::temp_dir().join(format!("fluentsync-bench-{}", process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let options = format!(r#"{{"path": "{}", "durable": false}}"#, folder.join("brain.db").display());
    let safe = Store::open(None, &options).expect("a store");
    safe.put("note", "a", &"x".repeat(2000)).expect("a note");
    let raw = open_raw(&options);

    let (mut in_rust, mut in_c) = (Vec::new(), Vec::new());
    let mut bytes = 0;
    for _ in 0..ROUNDS {
        in_c.push(nanoseconds_per_call(|| {
            bytes += unsafe { get_raw(raw) };
        }));
        in_rust.push(nanoseconds_per_call(|| {
            bytes += safe.get("note", "a").expect("a store").expect("a note").content().len();
        }));
    }
    assert_ne!(bytes, 0);
    unsafe { sys::fluentsync_store_close(raw, ptr::null_mut()) };
    drop(safe);
    let _ = fs::remove_dir_all(&folder);
    let (rust, c) = (median(in_rust), median(in_c));
    println!("| Rust | {:.0} | C | {:.0} | {:.2} |", rust, c, rust / c);
}
