import Numerics

/// Carries weights on a segment's states back to its parameters and its start.
protocol SegmentAdjoint: AnyObject {}
