"""A small valid rule pack, and how to change one place of it."""

from peerworks.lib.rulepack import PackError, PackErrors, read_pack

FILE = "zz-sample-peer@2026.1.yaml"

SAMPLE = """\
pack: zz-sample-peer
version: "2026.1"
kind: STATE_MEDICAID
state: ZZ
label: {en: "Sample", es: "Muestra"}
effective: {from: 2026-01-01, to: null}
replaces: null
calendar: {week_starts: MONDAY, fiscal_year_starts: "07-01"}
sources:
  law:
    status: SOURCED
    title: "A law"
    url: "https://law.example/1"
    verified_on: 2026-11-21
    verified_by: "PeerWorks"
  default: {status: PROPOSAL, title: "Ours"}
never_billable:
  activities: {value: [TRANSPORT_ONLY], source: law}
  volunteers: {value: true, source: law}
services:
- key: talk
  label: {en: "Talk", es: "Charla"}
  setting: INDIVIDUAL
  code: {value: H0038, source: law}
  modifiers:
  - {when: {mode: VIDEO, place: ["02", "10"]}, add: {value: GT, source: default}}
  unit:
    minutes: {value: 15, source: law}
    engine: {value: FULL_UNIT, source: default}
    scope: {value: DAY, source: default}
  caps:
  - key: day
    units: {value: 16, source: law}
    window: DAY
    of: PARTICIPANT
    then: HOLD
  - {key: half-year, minutes: {value: 1560, source: law}, window: ROLLING_MONTHS(6), of: PARTICIPANT, then: WARN}
  group: {max: {value: 12, source: law}}
  authorization: {required: {value: false, source: law}}
  credentials:
    accepted: {value: [zz-peer], source: law}
    endorsements: {value: [RECOVERY], source: law}
  training: {required: {value: NONE, source: default}}
  ages: {min: {value: 18, source: law}, max: {value: NONE, source: default}}
  diagnoses: {families: {value: [SUBSTANCE_USE], source: law}}
  statuses_barred: {value: [DECEASED], source: law}
  relationships_barred: {value: [FAMILIAL], source: law}
  concurrency: {barred: {value: [BEHAVIORAL_HEALTH], source: law}}
  places:
    allowed: {value: ["02", "11"], source: law}
    text_required: ["11"]
  modes: {allowed: {value: [IN_PERSON, VIDEO], source: law}}
  plan: {signed_by: {value: [PARTICIPANT], source: law}, review_months: {value: 12, source: law}}
  note:
    target_hours: {value: 24, source: default}
    late_after_hours: {value: 72, source: default}
    hold_after_days: {value: 7, source: default}
    cosign: {value: ALWAYS, source: default}
    cosign_within_days: {value: 7, source: default}
    narrative_min_chars: {value: 40, source: default}
  filing: {days: {value: 365, source: law}, warn_days_before: {value: 14, source: default}}
workforce:
  credentials:
  - key: zz-peer
    label: {en: "Peer", es: "Par"}
    body: "A board"
    endorsements: [RECOVERY]
    cycle: {kind: ANNIVERSARY, months: {value: 24, source: law}}
    deadlines: {file_by_days_before: {value: -15, source: law}}
    education:
      hours: {value: 12.5, source: law}
      categories: [{key: ethics, min: {value: 3, source: law}, sponsor: BOARD, format: LIVE}]
    stages: [{stage: INITIAL, months: {value: 6, source: law}}]
  supervision:
  - {stage: INITIAL, mode: INTERVAL, every: {value: {days: 7}, source: law}, formats: [GROUP]}
  - {stage: FULL, mode: RATIO, hours: {value: 1, source: law}, per_service_hours: {value: 25, source: law}, over: {value: ROLLING_MONTHS(3), source: law}, formats: [INDIVIDUAL]}
  - {stage: TRAINEE, mode: HOURS_PER_MONTH, hours: {value: 4, source: law}, formats: [INDIVIDUAL]}
  supervisor_qualification:
    source: law
    any_of:
    - all_of: [{credential: zz-peer}, {years_as_peer: 2}]
    - licence: LPHA
  span_max: {value: NONE, source: default}
  personnel:
  - {key: screening, every_days: {value: 31, source: default}, missing: BLOCK}
severity: {SUPV-03: BLOCK}
examples:
- {name: "Two sevens", service: talk, units: {minutes: [7, 7], expect: 0}}
- {name: "Twice ten", service: talk, units: {minutes: [10, 10], expect: 1, shares: [0, 1]}}
- name: "Held"
  service: talk
  gate: UNIT-02
  given: {units_same_day: 16, minutes: 15}
  expect: {outcome: BLOCK, reason: UNITS-DAY}
- {name: "Open", credential: zz-peer, renewal: {given: {ends: 2026-12-31}, expect: {valid: true}}}
- {name: "Due", supervision: {given: {on: 2026-03-09, last_supervision: NONE}, expect: {state: DUE}}}
"""


def edited(old: str, new: str) -> tuple[str, int]:
    """The sample with its one `old` replaced, and the line (from 1) on which that stands."""
    before, found, after = SAMPLE.partition(old)
    assert found, f"the sample has no {old!r}"
    assert old not in after, f"the sample has {old!r} more than once"
    return before + new + after, before.count("\n") + 1


def faults(text: str, file: str = FILE) -> list[PackError]:
    """The faults of a text; none where it can be read."""
    try:
        read_pack(text, file)
    except PackErrors as errors:
        return errors.errors
    return []
