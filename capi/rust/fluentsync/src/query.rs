//! What [`Store::list`](crate::Store::list) and [`Store::count`](crate::Store::count) look for.

use crate::json::Json;

/// How a filter compares an entity's value with its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// The same.
    Equal,
    /// Another, or none.
    NotEqual,
    /// Less than.
    Less,
    /// Less than or the same.
    LessEqual,
    /// Greater than.
    Greater,
    /// Greater than or the same.
    GreaterEqual,
}

impl Compare {
    fn name(self) -> &'static str {
        match self {
            Compare::Equal => "equal",
            Compare::NotEqual => "notEqual",
            Compare::Less => "less",
            Compare::LessEqual => "lessEqual",
            Compare::Greater => "greater",
            Compare::GreaterEqual => "greaterEqual",
        }
    }
}

/// What entities are sorted by. Ties are broken by type and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// By type and id.
    Id,
    /// By the time of creation.
    Created,
    /// By the time of the last change.
    Updated,
}

impl SortBy {
    fn name(self) -> &'static str {
        match self {
            SortBy::Id => "id",
            SortBy::Created => "created",
            SortBy::Updated => "updated",
        }
    }
}

/// A query, built up; a new one finds everything.
///
/// ```
/// use fluentsync::{Compare, Query, SortBy};
/// let query = Query::new()
///     .entity_type("note")
///     .filter("author.name", Compare::Equal, "Ada")
///     .sort_by(SortBy::Updated)
///     .descending()
///     .limit(10);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Query {
    keys: Vec<String>,
    filters: Vec<String>,
}

impl Query {
    /// Everything.
    pub fn new() -> Self {
        Query::default()
    }

    fn key(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.keys.push(format!("\"{}\":{}", name, value.into().as_str()));
        self
    }

    /// Of this type only.
    pub fn entity_type(self, entity_type: &str) -> Self {
        self.key("type", entity_type)
    }

    /// Only where this holds; all filters must. `name` is a front matter key, a dotted path or a JSON path
    /// (`$.tags[0]`); `value` a scalar.
    pub fn filter(mut self, name: &str, compare: Compare, value: impl Into<Json>) -> Self {
        self.filters.push(format!(
            r#"{{"key":{},"compare":"{}","value":{}}}"#,
            Json::from(name).as_str(),
            compare.name(),
            value.into().as_str()
        ));
        self
    }

    /// In this order; by default by type and id.
    pub fn sort_by(self, sort_by: SortBy) -> Self {
        self.key("sortBy", sort_by.name())
    }

    /// The last first.
    pub fn descending(self) -> Self {
        self.key("descending", true)
    }

    /// At most so many; 0: all. Beyond 63 bits a number is refused, here and below.
    pub fn limit(self, limit: u64) -> Self {
        self.key("limit", limit)
    }

    /// Without the first so many.
    pub fn offset(self, offset: u64) -> Self {
        self.key("offset", offset)
    }

    /// With empty contents, which spares reading them.
    pub fn without_content(self) -> Self {
        self.key("withContent", false)
    }

    pub(crate) fn to_json(&self) -> String {
        let mut keys = self.keys.clone();
        if !self.filters.is_empty() {
            keys.push(format!("\"filters\":[{}]", self.filters.join(",")));
        }
        format!("{{{}}}", keys.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::{Compare, Query, SortBy};

    #[test]
    fn a_query_is_json() {
        assert_eq!(Query::new().to_json(), "{}");
        let query = Query::new().entity_type("note").filter("done", Compare::Equal, true).sort_by(SortBy::Id);
        assert_eq!(
            query.limit(2).to_json(),
            r#"{"type":"note","sortBy":"id","limit":2,"filters":[{"key":"done","compare":"equal","value":true}]}"#
        );
    }

    #[test]
    fn limit_and_offset_have_the_width_of_c_s() {
        let query = Query::new().limit(1 << 40).offset(u64::MAX);
        assert_eq!(query.to_json(), r#"{"limit":1099511627776,"offset":18446744073709551615}"#);
    }
}
