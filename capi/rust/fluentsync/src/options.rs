//! Options as JSON text, and a builder for hosts that would rather not write JSON.

use crate::error::{call, Result};
use crate::json::{quote, Json};
use crate::text;
use fluentsync_sys as sys;
use std::fmt;

/// Builds the JSON text of options. Names are the README's camelCase ones, dotted where an object holds them; the
/// library checks them when something is opened.
///
/// ```
/// let options = fluentsync::Options::new()
///     .set("store.path", "brain.db")
///     .set("directory.syncPath", "brain")
///     .set("directory.syncDebounce", 500)
///     .set("git.autoPush", true);
/// assert_eq!(
///     options.to_string(),
///     r#"{"store":{"path":"brain.db"},"directory":{"syncPath":"brain","syncDebounce":500},"git":{"autoPush":true}}"#
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    entries: Vec<(String, Node)>,
}

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Value(Json),
    Object(Options),
}

impl Options {
    /// None set: every option has its default.
    pub fn new() -> Self {
        Options::default()
    }

    /// Sets one option; of two under one name the later holds.
    pub fn set(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.put(name, value.into());
        self
    }

    fn put(&mut self, name: &str, value: Json) {
        match name.split_once('.') {
            None => *self.entry(name) = Node::Value(value),
            Some((object, rest)) => {
                let node = self.entry(object);
                if let Node::Value(_) = node {
                    *node = Node::Object(Options::new());
                }
                if let Node::Object(inner) = node {
                    inner.put(rest, value);
                }
            }
        }
    }

    fn entry(&mut self, name: &str) -> &mut Node {
        let index = self.entries.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.entries.push((name.to_string(), Node::Value(Json::null())));
            self.entries.len() - 1
        });
        &mut self.entries[index].1
    }
}

impl fmt::Display for Options {
    /// The JSON text.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("{")?;
        for (index, (name, node)) in self.entries.iter().enumerate() {
            let mut quoted = String::new();
            quote(name, &mut quoted);
            write!(formatter, "{}{}:", if index == 0 { "" } else { "," }, quoted)?;
            match node {
                Node::Value(value) => formatter.write_str(value.as_str())?,
                Node::Object(inner) => inner.fmt(formatter)?,
            }
        }
        formatter.write_str("}")
    }
}

/// Reads a workspace's options and says what is wrong with them; opens nothing.
pub fn check_options(options: &str) -> Result<()> {
    unsafe { call(|error| sys::fluentsync_check_options(text::pointer(options), options.len(), error)) }
}

#[cfg(test)]
mod tests {
    use super::Options;
    use crate::json::Json;

    #[test]
    fn the_later_of_two_holds() {
        let options = Options::new().set("git", Json::null()).set("git.branch", "a").set("git.branch", "b");
        assert_eq!(options.to_string(), r#"{"git":{"branch":"b"}}"#);
        assert_eq!(options.set("git", Json::null()).to_string(), r#"{"git":null}"#);
    }

    #[test]
    fn none_is_an_empty_object() {
        assert_eq!(Options::new().to_string(), "{}");
    }
}
