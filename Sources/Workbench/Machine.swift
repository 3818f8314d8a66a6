import Numerics

/// What the command asks of the machine before it starts.
public enum Machine {
  /// The OpenBLAS core whose kernels would be faster than those in use, if there is one.
  public static var betterBLASCore: String? { BLAS.betterCoreName }
}
