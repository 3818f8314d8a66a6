/// Placeholder of the chunked sweep.
final class JetSweep {}
