import Testing
import Discretizations
