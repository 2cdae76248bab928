# SPDX-License-Identifier: MIT
"""python -m tmjit doctor"""
import sys

from . import doctor

if sys.argv[1:] != ["doctor"]:
    print("usage: python -m tmjit doctor", file=sys.stderr)
    sys.exit(2)
sys.exit(doctor.main())
