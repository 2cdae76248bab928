# SPDX-License-Identifier: MIT
"""python -m tmjit doctor [--json]"""
import sys

from . import doctor

sys.exit(doctor.main(sys.argv[1:]))
