/// A metadata filter as SQL: fixed text with parameters, never a value in the text.
#pragma once

#include <string>

#include "fluentsync/entity.hpp"
#include "store/connection.hpp"

namespace fluentsync::store {

/// One filter, checked. A missing key counts as null; not_equal is everything that equal is not. Ranges
/// compare numbers with numbers and strings with strings (bytewise) and hold for nothing else.
class MetadataCondition {
  public:
    /// Throws Error(invalid_argument) for a value that is no JSON scalar, a range over true, false or null,
    /// an empty key, or a key that is no JSON path though it begins with '$'.
    MetadataCondition(Connection& connection, const MetadataFilter& filter);
    /// An SQL condition with the parameters ?first and the two that follow.
    std::string sql(int first) const;
    void bind(SQLite::Statement& statement, int first) const;
    static constexpr int kParameters = 3;

  private:
    enum class Kind { null, truth, number_int, number_real, text };
    void set_value(const MetadataFilter& filter);

    Compare compare_;
    Kind kind_ = Kind::null;
    std::string path_;    ///< Of the key as one name.
    std::string nested_;  ///< Of the key split at its dots; the same when it has none.
    std::string text_;
    std::int64_t integer_ = 0;
    double real_ = 0;
};

}  // namespace fluentsync::store
