import Testing
import Workbench
