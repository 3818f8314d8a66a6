import Glibc

/// The browser of the desktop.
enum DesktopBrowser {
  /// Opens an address, where the desktop has `xdg-open`; says nothing where it has not.
  static func open(_ address: String) {
    var words: [UnsafeMutablePointer<CChar>?] = [strdup("xdg-open"), strdup(address), nil]
    defer { for word in words { free(word) } }
    let environment = dlsym(nil, "environ")?
      .assumingMemoryBound(to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self).pointee
    var number = pid_t()
    guard posix_spawnp(&number, "xdg-open", nil, nil, &words, environment) == 0 else { return }
    let process = number
    _ = OwnThread.start { _ = ChildProcess.wait(process) }
  }
}
