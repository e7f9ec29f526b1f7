//! From JSON to Rust's types. What a newer library adds is skipped, and what is left out has its default.

use crate::error::{Error, ErrorCode, Result};
use crate::json_reader::{read, JsonValue};
use crate::value::time;
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

/// What can be made from a JSON value.
pub(crate) trait FromJson: Sized {
    fn from_json(value: JsonValue) -> Result<Self>;
}

/// What the library gave as text.
pub(crate) fn from_text<T: FromJson>(text: &str) -> Result<T> {
    read(text).and_then(T::from_json)
}

fn other_kind(wanted: &str, value: &JsonValue) -> Error {
    Error::new(ErrorCode::Internal, format!("the library gave {:?} where {} was to come", value, wanted))
}

macro_rules! scalars {
    ($($type:ty: $variant:ident, $what:literal;)*) => {$(
        impl FromJson for $type {
            fn from_json(value: JsonValue) -> Result<Self> {
                match value {
                    JsonValue::$variant(inner) => Ok(inner),
                    other => Err(other_kind($what, &other)),
                }
            }
        }
    )*};
}

scalars! {
    bool: Bool, "a boolean";
    i64: Integer, "an integer";
    String: Text, "a string";
}

/// Milliseconds.
impl FromJson for Duration {
    fn from_json(value: JsonValue) -> Result<Self> {
        let milliseconds = i64::from_json(value)?;
        // An age below 0 is a clock's.
        Ok(Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0)))
    }
}

impl FromJson for ErrorCode {
    fn from_json(value: JsonValue) -> Result<Self> {
        String::from_json(value).map(|name| ErrorCode::named(&name))
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: JsonValue) -> Result<Self> {
        match value {
            JsonValue::Null => Ok(None),
            other => T::from_json(other).map(Some),
        }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: JsonValue) -> Result<Self> {
        match value {
            JsonValue::Array(values) => values.into_iter().map(T::from_json).collect(),
            other => Err(other_kind("an array", &other)),
        }
    }
}

/// The members of an object, taken one by one.
pub(crate) struct Fields(BTreeMap<String, JsonValue>);

impl Fields {
    pub(crate) fn of(value: JsonValue) -> Result<Self> {
        match value {
            JsonValue::Object(members) => Ok(Fields(members)),
            other => Err(other_kind("an object", &other)),
        }
    }

    pub(crate) fn take<T: FromJson + Default>(&mut self, name: &str) -> Result<T> {
        self.0.remove(name).map_or_else(|| Ok(T::default()), T::from_json)
    }

    /// Milliseconds since the Unix epoch; 0 is never.
    pub(crate) fn take_time(&mut self, name: &str) -> Result<Option<SystemTime>> {
        let milliseconds = self.take::<i64>(name)?;
        Ok(Some(milliseconds).filter(|milliseconds| *milliseconds != 0).map(time))
    }
}
