//! Entities, queries, conditions and transactions.

mod support;

use fluentsync::{Compare, Error, ErrorCode, Expect, Query, SortBy, Store};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::thread;
use support::{alone, Place};

fn open(place: &Place) -> Store {
    let options = format!(r#"{{"path": "{}", "durable": false}}"#, place.path("brain.db"));
    Store::open(None, &options).unwrap()
}

#[test]
fn entities_are_read_as_they_were_written() {
    let _alone = alone();
    let place = Place::new();
    let store = open(&place);
    let text = "---\ntitle: Ä # kept\n---\nbody\0\r\n";
    assert_eq!(store.create("note", "a/b", text).unwrap().version, 1);
    assert_eq!(store.create("note", "a/b", "x").unwrap_err().code(), ErrorCode::AlreadyExists);
    assert!(!store.put("note", "a/b", text).unwrap().changed);
    let entity = store.get("note", "a/b").unwrap().unwrap();
    store.close().unwrap();
    assert_eq!((entity.entity_type(), entity.id(), entity.version()), ("note", "a/b", 1));
    assert_eq!(entity.content(), text, "a value outlives its store");
    assert_eq!(entity.metadata(), r#"{"title":"Ä"}"#);
    assert_eq!(entity.hash().len(), 40);
    assert!(entity.created() <= entity.updated());
    drop((entity, store));
    assert_eq!(fluentsync::live_objects(), 0);
}

/// C takes -1 for "whatever the version is".
fn no_version_is_negative(store: &Store, expect: Expect) {
    let refused = |error: Error| assert_eq!(error.code(), ErrorCode::InvalidArgument, "{}", error);
    refused(store.put_if("note", "a", "three\n", expect).unwrap_err());
    refused(store.remove_if("note", "a", expect).unwrap_err());
    refused(store.set_metadata_if("note", "a", "stars", "1", expect).unwrap_err());
    refused(store.remove_metadata_if("note", "a", "stars", expect).unwrap_err());
    let inside = store.transaction(|transaction| {
        refused(transaction.remove_if("note", "a", expect).unwrap_err());
        transaction.put_if("note", "a", "three\n", expect)
    });
    refused(inside.unwrap_err());
    assert_eq!(store.get("note", "a").unwrap().unwrap().content(), "two\n");
}

#[test]
fn writes_can_be_conditional() {
    let _alone = alone();
    let place = Place::new();
    let store = open(&place);
    store.put_if("note", "a", "one\n", Expect::Absent).unwrap();
    let error = store.put_if("note", "a", "two\n", Expect::Version(7)).unwrap_err();
    assert_eq!(error.code(), ErrorCode::VersionMismatch);
    assert_eq!(store.put_if("note", "a", "two\n", Expect::Version(1)).unwrap().version, 2);
    assert!(store.get("note", "b").unwrap().is_none());
    assert!(!store.remove("note", "b").unwrap());
    for version in [-1, -2, i64::MIN] {
        no_version_is_negative(&store, Expect::Version(version));
    }
    assert!(store.remove_if("note", "a", Expect::Version(2)).unwrap());
    assert_eq!(store.put("../up", "a", "x\n").unwrap_err().code(), ErrorCode::InvalidKey);
}

#[test]
fn queries_find_by_front_matter() {
    let _alone = alone();
    let place = Place::new();
    let store = open(&place);
    for (id, stars) in [("a", 1), ("b", 2), ("c", 3)] {
        store.put("note", id, "text\n").unwrap();
        store.set_metadata("note", id, "stars", &stars.to_string()).unwrap();
    }
    store.put("task", "d", "text\n").unwrap();
    let query = Query::new().entity_type("note").filter("stars", Compare::GreaterEqual, 2);
    assert_eq!(store.count(&query).unwrap(), 2);
    let found = store.list(&query.sort_by(SortBy::Id).descending().limit(1).without_content()).unwrap();
    assert_eq!((found.len(), found[0].id(), found[0].content()), (1, "c", ""));
    assert_eq!(store.list(&Query::new().limit(i64::MAX as u64).offset(3)).unwrap().len(), 1);
    assert!(store.list(&Query::new().offset(1 << 40)).unwrap().is_empty());
    let refused = store.list(&Query::new().limit(u64::MAX)).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::InvalidArgument);
    assert_eq!(store.types().unwrap(), ["note", "task"]);
    assert!(store.held().unwrap().is_empty());
    store.remove_metadata("note", "c", "stars").unwrap();
    assert_eq!(store.get("note", "c").unwrap().unwrap().metadata(), "{}");
    drop((found, store));
    assert_eq!(fluentsync::live_objects(), 0);
}

#[test]
fn a_transaction_happens_whole_or_not_at_all() {
    let _alone = alone();
    let place = Place::new();
    let store = open(&place);
    let version = store.transaction(|transaction| {
        transaction.put("note", "a", "one\n")?;
        assert_eq!(transaction.get("note", "a")?.unwrap().content(), "one\n");
        Ok::<_, Error>(transaction.put("note", "a", "two\n")?.version)
    });
    assert_eq!(version.unwrap(), store.get("note", "a").unwrap().unwrap().version());

    let refused = store.transaction(|transaction| -> Result<(), Box<dyn std::error::Error>> {
        transaction.remove("note", "a")?;
        Err("not today".into())
    });
    assert_eq!(refused.unwrap_err().to_string(), "not today");

    let panicked = catch_unwind(AssertUnwindSafe(|| {
        store.transaction(|transaction| -> fluentsync::Result<()> {
            transaction.remove("note", "a")?;
            panic!("a closure may panic")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(store.get("note", "a").unwrap().unwrap().content(), "two\n", "nothing of both is left");
}

#[test]
fn a_store_is_used_from_many_threads() {
    let _alone = alone();
    let place = Place::new();
    let store = open(&place);
    let threads: Vec<_> = (0..4)
        .map(|number| {
            let store = store.clone();
            thread::spawn(move || store.put("note", &number.to_string(), "text\n"))
        })
        .collect();
    for thread in threads {
        thread.join().unwrap().unwrap();
    }
    assert_eq!(store.count(&Query::new()).unwrap(), 4);
}
