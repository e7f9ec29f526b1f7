//! JSON text in, strictly as RFC 8259 has it: what statuses and reports are read from.

use crate::error::{Error, ErrorCode, Result};
use std::collections::BTreeMap;

/// How deep arrays and objects may nest: reading goes down the stack with them.
const DEEPEST: usize = 64;

/// A JSON value that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum JsonValue {
    Null,
    Bool(bool),
    /// A number without fraction and exponent that 64 bits hold.
    Integer(i64),
    /// Any other number.
    Float(f64),
    Text(String),
    Array(Vec<JsonValue>),
    /// Of members under one name the last.
    Object(BTreeMap<String, JsonValue>),
}

/// Reads a text that is one JSON value and nothing else.
pub(crate) fn read(text: &str) -> Result<JsonValue> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.refuse("more than one value")),
    }
}

struct Reader<'a> {
    text: &'a str,
    /// In bytes. What is skipped one by one is ASCII, so it stands between characters.
    at: usize,
}

impl Reader<'_> {
    fn refuse(&self, what: &str) -> Error {
        Error::new(ErrorCode::Internal, format!("no JSON: {} at byte {}", what, self.at))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Whether this byte was next, and is now behind.
    fn skip(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, byte: u8) -> Result<()> {
        if self.skip(byte) {
            return Ok(());
        }
        Err(self.refuse(&format!("no '{}'", char::from(byte))))
    }

    fn skip_while(&mut self, belongs: impl Fn(u8) -> bool) -> usize {
        let begin = self.at;
        while self.peek().map_or(false, &belongs) {
            self.at += 1;
        }
        self.at - begin
    }

    fn skip_space(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    fn value(&mut self, depth: usize) -> Result<JsonValue> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(JsonValue::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'n') => self.literal("null", JsonValue::Null),
            Some(b't') => self.literal("true", JsonValue::Bool(true)),
            Some(b'f') => self.literal("false", JsonValue::Bool(false)),
            _ => Err(self.refuse("no value")),
        }
    }

    fn literal(&mut self, word: &str, value: JsonValue) -> Result<JsonValue> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.refuse("no value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn array(&mut self, depth: usize) -> Result<JsonValue> {
        let mut values = Vec::new();
        self.members(depth, (b'[', b']'), |reader| {
            values.push(reader.value(depth + 1)?);
            Ok(())
        })?;
        Ok(JsonValue::Array(values))
    }

    fn object(&mut self, depth: usize) -> Result<JsonValue> {
        let mut members = BTreeMap::new();
        self.members(depth, (b'{', b'}'), |reader| {
            reader.skip_space();
            let name = reader.string()?;
            reader.skip_space();
            reader.expect(b':')?;
            members.insert(name, reader.value(depth + 1)?);
            Ok(())
        })?;
        Ok(JsonValue::Object(members))
    }

    /// What stands between brackets, with commas between.
    fn members(
        &mut self,
        depth: usize,
        (open, close): (u8, u8),
        mut member: impl FnMut(&mut Self) -> Result<()>,
    ) -> Result<()> {
        if depth >= DEEPEST {
            return Err(self.refuse("nested too deep"));
        }
        self.expect(open)?;
        self.skip_space();
        if self.skip(close) {
            return Ok(());
        }
        loop {
            member(self)?;
            self.skip_space();
            if self.skip(close) {
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    fn string(&mut self) -> Result<String> {
        self.expect(b'"')?;
        let mut out = String::new();
        loop {
            let begin = self.at;
            self.skip_while(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
            out.push_str(&self.text[begin..self.at]);
            if self.skip(b'"') {
                return Ok(out);
            }
            self.expect(b'\\').map_err(|_| self.refuse("an open string or a bare control character"))?;
            out.push(self.escaped()?);
        }
    }

    /// The character that stands behind a backslash.
    fn escaped(&mut self) -> Result<char> {
        let character = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.refuse("no escape")),
        };
        self.at += 1;
        Ok(character)
    }

    /// `uXXXX`, and a second one where the first is half of a surrogate pair.
    fn unicode(&mut self) -> Result<char> {
        let first = self.code_unit()?;
        let number = if (0xD800..0xDC00).contains(&first) {
            self.expect(b'\\')?;
            let second = self.code_unit()?;
            if !(0xDC00..0xE000).contains(&second) {
                return Err(self.refuse("half of a surrogate pair"));
            }
            0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
        } else {
            first
        };
        char::from_u32(number).ok_or_else(|| self.refuse("half of a surrogate pair"))
    }

    fn code_unit(&mut self) -> Result<u32> {
        self.expect(b'u')?;
        let begin = self.at;
        // Digits only: `from_str_radix` would take a sign.
        let digits = self.text.as_bytes()[begin..].iter().take(4).take_while(|byte| byte.is_ascii_hexdigit());
        self.at += digits.count();
        match u32::from_str_radix(&self.text[begin..self.at], 16) {
            Ok(number) if self.at - begin == 4 => Ok(number),
            _ => Err(self.refuse("no four digits")),
        }
    }

    fn number(&mut self) -> Result<JsonValue> {
        let begin = self.at;
        self.skip(b'-');
        if !self.skip(b'0') {
            self.digits()?;
        }
        let whole = self.at;
        if self.skip(b'.') {
            self.digits()?;
        }
        if self.skip(b'e') || self.skip(b'E') {
            let _ = self.skip(b'+') || self.skip(b'-');
            self.digits()?;
        }
        self.parsed(&self.text[begin..self.at], self.at == whole)
    }

    fn digits(&mut self) -> Result<()> {
        match self.skip_while(|byte| byte.is_ascii_digit()) {
            0 => Err(self.refuse("no digit")),
            _ => Ok(()),
        }
    }

    fn parsed(&self, number: &str, is_whole: bool) -> Result<JsonValue> {
        if let (true, Ok(integer)) = (is_whole, number.parse()) {
            return Ok(JsonValue::Integer(integer));
        }
        match number.parse::<f64>() {
            Ok(float) if float.is_finite() => Ok(JsonValue::Float(float)),
            _ => Err(self.refuse("a number beyond all bounds")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{read, JsonValue, DEEPEST};

    fn text(json: &str) -> String {
        match read(json) {
            Ok(JsonValue::Text(text)) => text,
            other => panic!("{}: {:?}", json, other),
        }
    }

    #[test]
    fn scalars() {
        assert_eq!(read(" null\r\n"), Ok(JsonValue::Null));
        assert_eq!(read("true"), Ok(JsonValue::Bool(true)));
        assert_eq!(read("\tfalse "), Ok(JsonValue::Bool(false)));
        for number in [0, -1, i64::MIN, i64::MAX] {
            assert_eq!(read(&number.to_string()), Ok(JsonValue::Integer(number)));
        }
        for (json, number) in [("-0.5", -0.5), ("1e3", 1000.0), ("2.5E-1", 0.25), ("1E+2", 100.0)] {
            assert_eq!(read(json), Ok(JsonValue::Float(number)));
        }
        assert_eq!(read("9223372036854775808"), Ok(JsonValue::Float(9223372036854775808.0)));
    }

    #[test]
    fn strings() {
        assert_eq!(text(r#""""#), "");
        assert_eq!(text(r#""\"\\\/\b\f\n\r\t""#), "\"\\/\u{8}\u{c}\n\r\t");
        assert_eq!(text(r#""ä€😀\u00e4\u20AC\ud83d\uDE00\u0000 end""#), "ä€😀ä€😀\0 end");
        assert_eq!(text(r#""\u00410""#), "A0");
    }

    #[test]
    fn arrays_and_objects() {
        let ones = JsonValue::Array(vec![JsonValue::Integer(1), JsonValue::Array(Vec::new())]);
        assert_eq!(read("[ 1 , [ ] ]"), Ok(ones.clone()));
        let object = read(r#"{ "a" : 2, "b":{}, "a":[1,[]] }"#);
        let members = [("a", ones), ("b", JsonValue::Object(Default::default()))];
        let members = members.into_iter().map(|(name, value)| (name.to_string(), value)).collect();
        assert_eq!(object, Ok(JsonValue::Object(members)));
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let values =
            ["", " ", "nul", "nulls", "True", "1 2", "'a'", "[1,]", "[1 2]", "[", "]", "{", "NaN", "ä"];
        let numbers = ["01", "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "1e999", "--1", "-a"];
        let objects =
            [r#"{"a"}"#, r#"{"a":}"#, r#"{"a":1,}"#, r#"{a:1}"#, r#"{"a" 1}"#, r#"{1:1}"#, r#"{"a":1"#];
        let strings =
            [r#"""#, r#""\"#, r#""\x""#, r#""\u12""#, r#""\u+123""#, r#""\u12é4""#, "\"\n\"", "\"\0\""];
        let halves = [r#""\ud83d""#, r#""\ud83d\u0041""#, r#""\ud83dx""#, r#""\ude00""#, r#""\ud83d\n""#];
        for bad in [&values[..], &numbers, &objects, &strings, &halves].concat() {
            assert!(read(bad).is_err(), "{}", bad);
        }
    }

    #[test]
    fn nesting_has_an_end() {
        let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert!(read(&nested(DEEPEST)).is_ok());
        let error = read(&nested(DEEPEST + 1)).unwrap_err();
        assert!(error.message().contains("too deep"), "{}", error);
        assert!(read(&"{\"a\":".repeat(1_000_000)).is_err());
    }
}
