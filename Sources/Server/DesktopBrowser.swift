import Reports

/// The browser of the desktop.
enum DesktopBrowser {
  /// Opens an address, where the desktop has `xdg-open`; says nothing where it has not.
  static func open(_ address: String) {
    guard let path = ChildProcess.path(of: "xdg-open"),
      let child = try? ChildProcess(path, [address])
    else { return }
    _ = OwnThread.start { _ = child.wait() }
  }
}
