"""The words a rule pack may use; anything else is refused when it is read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KINDS: Final = _words("STATE_MEDICAID MANAGED_CARE MEDICARE CERTIFICATION_BODY FEDERAL AGENCY")
SETTINGS: Final = _words("INDIVIDUAL GROUP")
MODES: Final = _words("IN_PERSON VIDEO PHONE")
ENGINES: Final = _words("FULL_UNIT MIDPOINT_8 UP_TO THRESHOLD_MONTH")
SCOPES: Final = _words("ENCOUNTER DAY MONTH")
WINDOWS: Final = _words("DAY WEEK MONTH CALENDAR_YEAR FISCAL_YEAR EPISODE")
CAP_OF: Final = _words("PARTICIPANT PROVIDER")
CAP_THEN: Final = _words("HOLD NEEDS_AUTHORIZATION NEEDS_EXCEPTION WARN")
COSIGN: Final = _words("NEVER ALWAYS NEW_PEERS")
PLAN_SIGNERS: Final = _words("PARTICIPANT PEER SUPERVISOR LICENSED")
STATUSES: Final = _words("INPATIENT INCARCERATED DECEASED")
SUPERVISION_MODES: Final = _words("INTERVAL RATIO HOURS_PER_MONTH")
SUPERVISION_FORMATS: Final = _words(
    "INDIVIDUAL GROUP PEER_TO_PEER OBSERVATION CASE_CONSULTATION ADMINISTRATIVE"
)
CYCLES: Final = _words("ANNIVERSARY CALENDAR_YEAR MONTH_FIRST")
ACCRUAL: Final = _words("ISSUE NEXT_JANUARY")
STAGES: Final = _words("TRAINEE PROVISIONAL INITIAL FULL LAPSED SUSPENDED RETIRED")
ATOMS: Final = _words("credential licence years_as_peer training under_licensed_direction")
MISSING: Final = _words("BLOCK WARN")
WEEK_DAYS: Final = _words("MONDAY SUNDAY")
DIAGNOSIS_FAMILIES: Final = _words("MENTAL_HEALTH SUBSTANCE_USE")
RELATIONSHIPS: Final = _words("FAMILIAL FINANCIAL BUSINESS CLOSE_PERSONAL HOUSEHOLD EMPLOYMENT")
CONCURRENT: Final = _words("BEHAVIORAL_HEALTH PEER_SUPPORT")
SOURCE_STATUSES: Final = _words("SOURCED UNVERIFIED PROPOSAL")
CATEGORY_FORMATS: Final = _words("LIVE ONLINE SELF_STUDY")
OUTCOMES: Final = _words("PASS WARN BLOCK UNKNOWN NOT_APPLICABLE")

ACTIVITIES: Final = _words(
    "INDIVIDUAL_SUPPORT GROUP_SUPPORT ACCOMPANIMENT "
    "OUTREACH ADVOCACY CARE_COORDINATION RESOURCE_SEARCH PUBLIC_GROUP ON_THE_JOB_TRAINING NO_SHOW "
    "PREPARATION "
    "DOCUMENTATION TRAVEL SUPERVISION_RECEIVED SUPERVISION_GIVEN TRAINING_TAKEN TRAINING_GIVEN "
    "MEETING LEADERSHIP "
    "CLERICAL TRANSPORT_ONLY CASE_MANAGEMENT FUNCTIONAL_SUPPORT MEDICATION_MONITORING "
    "CLINICAL_COUNSELLING FRONT_DESK INTERPRETING_ONLY COMPLIANCE_CHECKS"
)

GATE_REASONS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "PROV-01": _words("STAFF-OFF STAFF-VOL"),
        "PROV-02": _words("CERT-NONE CERT-EXP"),
        "PROV-03": _words("CERT-STATE CERT-ENDORSE"),
        "PROV-04": _words("CERT-UNVER"),
        "PROV-05": _words("EXCL-OLD EXCL-HIT"),
        "PROV-06": _words("PERS-MISS"),
        "PROV-07": _words("NPI-MISS"),
        "SUPV-01": _words("SUP-NONE"),
        "SUPV-02": _words("SUP-UNQUAL"),
        "SUPV-03": _words("SUP-SHORT SUP-LATE"),
        "SUPV-04": _words("SUP-SPAN"),
        "TRNG-01": _words("TRAIN-MISS"),
        "PART-01": _words("ENROL-NONE"),
        "PART-02": _words("STATUS"),
        "PART-03": _words("AGE"),
        "PART-04": _words("DX"),
        "PART-05": _words("REL"),
        "PART-06": _words("CASELOAD"),
        "PRIV-01": _words("CONSENT-NONE"),
        "COVG-01": _words("ELIG"),
        "PLAN-01": _words("PLAN-NONE"),
        "PLAN-02": _words("PLAN-UNSIGNED"),
        "PLAN-03": _words("PLAN-SVC"),
        "PLAN-04": _words("GOAL-NONE"),
        "PLAN-05": _words("ORDER-NONE"),
        "AUTH-01": _words("AUTH-NONE AUTH-USED"),
        "TIME-01": _words("TIME-OVER"),
        "TIME-02": _words("TIME-BOTH"),
        "TIME-03": _words("CONC"),
        "TIME-04": _words("DAY-LONG"),
        "UNIT-01": _words("TIME-SHORT"),
        "UNIT-02": _words("UNITS-DAY"),
        "UNIT-03": _words("UNITS-PERIOD"),
        "UNIT-04": _words("UNITS-PEER"),
        "GRUP-01": _words("GROUP-SIZE"),
        "PLCE-01": _words("PLACE MODE"),
        "CODE-01": _words("MOD"),
        "CODE-02": _words("SUP-SAME"),
        "NOTE-01": _words("NOTE-DRAFT"),
        "NOTE-02": _words("NOTE-REVIEW COSIGN-WHO"),
        "NOTE-03": _words("NOTE-LATE"),
        "NOTE-04": _words("CLONE"),
        "FILE-01": _words("FILE-SOON FILE-LATE"),
        "CLAM-01": _words("BILLED"),
    }
)
"""Every gate and the reasons that it may give; any gate may also answer NO-RULE and NO-FACT."""

ANY_REASON: Final = _words("NO-RULE NO-FACT")
EMPLOYMENTS: Final = _words("EMPLOYEE CONTRACTOR VOLUNTEER PARTNER NONE")
SUPERVISION_STATES: Final = _words("CURRENT DUE OVERDUE")
