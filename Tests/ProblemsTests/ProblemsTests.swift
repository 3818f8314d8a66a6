import Testing
import Problems
