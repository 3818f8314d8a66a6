import Glibc

/// xʸ of the C library, where a module named like a function would hide it.
func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }

/// The cosine of the C library, where a module named like a function would hide it.
func cosine(_ x: Double) -> Double { cos(x) }

/// Lets other threads work for a moment.
func pause() { usleep(200) }

/// The path with its symbolic links followed; the path itself where there is no such file.
func resolvedPath(_ path: String) -> String {
  guard let real = realpath(path, nil) else { return path }
  defer { free(real) }
  return String(cString: real)
}
