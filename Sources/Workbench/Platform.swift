import Glibc

/// xʸ of the C library, where a module named like a function would hide it.
func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }

/// Lets other threads work for a moment.
func pause() { usleep(200) }
