extension Problem {
  /// The files that the problem names: as written in it, and as they open from the working directory.
  public var tableFiles: [(written: String, path: String)] {
    var found: [(written: String, path: String)] = []
    func add(_ keys: [String], _ path: String) {
      var here: Declaration? = document
      for key in keys { here = here?[key] }
      if let written = here?.text { found.append((written, path)) }
    }
    if let reference { add(["reference", "file"], reference.file) }
    if let data { add(["data", "file"], data.file) }
    for forcing in forcings { add(["forcing", forcing.name, "file"], forcing.file) }
    return found
  }
}
