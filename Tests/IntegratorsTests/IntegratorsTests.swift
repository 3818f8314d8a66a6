import Testing
import Integrators
