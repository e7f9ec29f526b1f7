/// A descriptor that is readable while it is raised.
#pragma once

namespace fluentsync::capi {

/// Made when first asked for. Not locked: its owner is.
class ReadyDescriptor {
  public:
    ReadyDescriptor() = default;
    ReadyDescriptor(const ReadyDescriptor&) = delete;
    ReadyDescriptor& operator=(const ReadyDescriptor&) = delete;
    ~ReadyDescriptor();

    /// Throws io when the process has no descriptor left.
    int get();
    void set(bool raised) noexcept;

  private:
    void write_state() noexcept;

    int fd_ = -1;
    bool raised_ = false;
};

}  // namespace fluentsync::capi
