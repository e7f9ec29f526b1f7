//! JSON text out: what options, filters and front matter values are made of.

use std::fmt::Write;

/// A JSON value, made from a Rust one: `true.into()`, `"main".into()`.
#[derive(Clone, Debug, PartialEq)]
pub struct Json(String);

impl Json {
    /// JSON's `null`.
    pub fn null() -> Self {
        Json("null".to_string())
    }

    /// A JSON text that is there already. The library, not this crate, says what is wrong with it.
    pub fn raw(text: impl Into<String>) -> Self {
        Json(text.into())
    }

    /// An array.
    pub fn array(values: impl IntoIterator<Item = impl Into<Json>>) -> Self {
        let values: Vec<String> = values.into_iter().map(|value| value.into().0).collect();
        Json(format!("[{}]", values.join(",")))
    }

    /// The JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Appends `text` as a JSON string, quotes included.
pub(crate) fn quote(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            control if control < ' ' => {
                let _ = write!(out, "\\u{:04x}", control as u32);
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        let mut out = String::with_capacity(text.len() + 2);
        quote(text, &mut out);
        Json(out)
    }
}

impl From<&String> for Json {
    fn from(text: &String) -> Self {
        Json::from(text.as_str())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Json::from(text.as_str())
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Json(value.to_string())
    }
}

impl From<i32> for Json {
    fn from(value: i32) -> Self {
        Json(value.to_string())
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Json(value.to_string())
    }
}

impl From<u64> for Json {
    fn from(value: u64) -> Self {
        Json(value.to_string())
    }
}

impl From<f64> for Json {
    /// JSON has no infinities and no NaN: they are `null`.
    fn from(value: f64) -> Self {
        if value.is_finite() {
            Json(value.to_string())
        } else {
            Json::null()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn strings_are_escaped() {
        assert_eq!(Json::from("a\"b\\c\n\u{1}ä").as_str(), r#""a\"b\\c\u000a\u0001ä""#);
    }

    #[test]
    fn scalars_and_arrays() {
        assert_eq!(Json::from(true).as_str(), "true");
        assert_eq!(Json::from(-3).as_str(), "-3");
        assert_eq!(Json::from(0.25).as_str(), "0.25");
        assert_eq!(Json::from(f64::NAN).as_str(), "null");
        assert_eq!(Json::array(["a", "b"]).as_str(), r#"["a","b"]"#);
    }
}
