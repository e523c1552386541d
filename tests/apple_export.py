"""Writes tests/samples/apple_health anew: exports as an iPhone writes them, small, with the quirks that were seen.

    python tests/apple_export.py

Also gives tests the pieces of an export to build their own.
"""

from xml.sax.saxutils import quoteattr

from places import SAMPLES

SAMPLES = SAMPLES / "apple_health"
DTD = """<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary|ClinicalRecord)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!ELEMENT Record ((MetadataEntry|HeartRateVariabilityMetadataList)*)>
<!ATTLIST Record
  type          CDATA #REQUIRED
  unit          CDATA #IMPLIED
  value         CDATA #IMPLIED
  sourceName    CDATA #REQUIRED
  startDate     CDATA #REQUIRED
  endDate       CDATA #REQUIRED
>
<!ELEMENT HeartRateVariabilityMetadataList (InstantaneousBeatsPerMinute*)>
  startDate CDATA #IMPLIED
<!-- iOS 16 lost the line above this one's attributes -->
]>
"""
HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n{DTD}<HealthData locale="de_DE">\n'
EXPORTED = ' <ExportDate value="2024-11-03 09:00:00 +0100"/>\n <Me HKCharacteristicTypeIdentifierDateOfBirth=""/>\n'
END = "</HealthData>\n"
WATCH = ("Apple\u00a0Watch von client_1", "11.0", "Apple Watch", "Watch", "Watch6,2", "11.0")
PHONE = ("client_1", "18.0.1", "iPhone", "iPhone", "iPhone13,2", "18.0.1")  # the name its owner gave it
HRV_BEATS = (
    "  <HeartRateVariabilityMetadataList>\n"
    '   <InstantaneousBeatsPerMinute bpm="61" time="04:10:02,51"/>\n'
    '   <InstantaneousBeatsPerMinute bpm="63" time="04:10:03,49"/>\n'
    "  </HeartRateVariabilityMetadataList>\n"
)


def device(of: tuple[str, ...], address: int = 0x2811B0C00) -> str:
    """The attributes of a record that say whose it is."""
    name, version, told_name, model, hardware, software = of
    told = (
        f"<<HKDevice: {address:#x}>, name:{told_name}, manufacturer:Apple Inc., model:{model}, hardware:{hardware},"
        f" software:{software}>"
    )
    return f'sourceName="{name}" sourceVersion="{version}" device={quoteattr(told)}'


def app(name: str, version: str = "7.2") -> str:
    return f'sourceName={quoteattr(name)} sourceVersion="{version}"'


def record(
    kind: str,
    origin: str,
    start: str,
    end: str,
    value: object,
    unit: str = "",
    below: str = "",
    *,
    is_category: bool = False,
) -> str:
    """One Record; times as in the file, `below` is what stands in it."""
    prefix = "HKCategoryTypeIdentifier" if is_category else "HKQuantityTypeIdentifier"
    told_unit = f' unit="{unit}"' if unit else ""
    tail = f">\n{below} </Record>\n" if below else "/>\n"
    return (
        f' <Record type="{prefix}{kind}" {origin}{told_unit} creationDate="{end}" startDate="{start}" endDate="{end}"'
        f' value="{value}"{tail}'
    )


def metadata(key: str, value: str) -> str:
    return f'  <MetadataEntry key="{key}" value="{value}"/>\n'


def slept(origin: str, start: str, end: str, stage: str, zone: str = "") -> str:
    """One stretch of sleep."""
    below = metadata("HKTimeZone", zone) if zone else ""
    return record(
        "SleepAnalysis", origin, start, end, f"HKCategoryValueSleepAnalysis{stage}", below=below, is_category=True
    )


def back_pain(start: str, end: str, severity: str) -> str:
    """One symptom as the Health app writes it."""
    return record(
        "LowerBackPain", app("Health", "18.0.1"), start, end, f"HKCategoryValueSeverity{severity}", is_category=True
    )


def phone_and_watch() -> str:
    """iOS 18, a watch and a phone, the week in which summer time ended in Berlin."""
    watch, phone = device(WATCH), device(PHONE, 0x303A1F2C0)
    noon = "2024-10-26 12:{:02}:00 +0200"
    steps = [
        record("StepCount", phone, noon.format(0), noon.format(10), 812, "count"),
        record("StepCount", device(PHONE, 0x303A1F9A0), noon.format(20), noon.format(25), 301, "count"),
        record("StepCount", watch, noon.format(0), noon.format(8), 640, "count"),
        record("StepCount", watch, noon.format(0), noon.format(8), 640, "count"),  # told twice
        record("StepCount", phone, "2024-12-24 12:00:00 +0100", "2024-12-24 12:01:00 +0100", 5, "count"),  # to come
        record("DistanceWalkingRunning", phone, noon.format(0), noon.format(10), 0.61, "km"),
        record("ActiveEnergyBurned", watch, noon.format(0), noon.format(1), 4.5, "kcal"),
        record("ActiveEnergyBurned", watch, noon.format(1), noon.format(2), 20.92, "kJ"),
        record("ActiveEnergyBurned", watch, noon.format(2), noon.format(3), 4.25, "Cal"),
        record("BasalEnergyBurned", watch, noon.format(0), noon.format(1), 1.1, "kcal"),
        record("DietaryWater", app("Water &amp; More"), noon.format(30), noon.format(30), 250, "mL"),
        record("FlightsClimbed", phone, noon.format(12), noon.format(13), 2, "count"),
        record("AppleExerciseTime", watch, noon.format(0), noon.format(1), 1, "min"),
    ]
    body = [
        *(
            record(
                "HeartRate", watch, noon.format(minute), noon.format(minute), bpm, "count/min",
                metadata("HKMetadataKeyHeartRateMotionContext", "2"),
            )
            for minute, bpm in ((0, 96), (5, 104), (9, 0))
        ),
        record("RestingHeartRate", watch, "2024-10-26 00:04:00 +0200", "2024-10-26 23:50:00 +0200", 58, "count/min"),
        record(
            "HeartRateVariabilitySDNN", watch, "2024-10-27 04:10:00 +0100", "2024-10-27 04:11:00 +0100", 48.2, "ms",
            HRV_BEATS + metadata("note", "a control\x0bcharacter"),
        ),
        record("RespiratoryRate", watch, "2024-10-27 03:10:00 +0100", "2024-10-27 03:10:00 +0100", 14.5, "count/min"),
        record("OxygenSaturation", watch, "2024-10-27 03:15:00 +0100", "2024-10-27 03:15:15 +0100", 0.96, "%"),
        record("OxygenSaturation", app("Pulse Oximeter"), noon.format(40), noon.format(40), 97, "%"),
        record("WalkingSpeed", phone, noon.format(1), noon.format(3), 4.68, "km/hr"),
        record("WalkingAsymmetryPercentage", phone, noon.format(1), noon.format(9), 0.03, "%"),
        record("WalkingDoubleSupportPercentage", phone, noon.format(1), noon.format(3), 0.297, "%"),
    ]  # fmt: skip
    zone = "Europe/Berlin"
    night = [
        slept(phone, "2024-10-26 22:45:00 +0200", "2024-10-27 06:40:00 +0100", "InBed"),
        # plain sleep over the whole night, and its stages, of one watch
        slept(watch, "2024-10-26 23:00:00 +0200", "2024-10-27 06:30:00 +0100", "AsleepUnspecified"),
        slept(watch, "2024-10-26 23:00:00 +0200", "2024-10-27 00:10:00 +0200", "AsleepCore", zone),
        slept(watch, "2024-10-27 00:10:00 +0200", "2024-10-27 01:00:00 +0200", "AsleepDeep", zone),
        slept(watch, "2024-10-27 01:00:00 +0200", "2024-10-27 02:30:00 +0100", "AsleepCore", zone),
        slept(watch, "2024-10-27 02:30:00 +0100", "2024-10-27 02:40:00 +0100", "Awake", zone),
        slept(watch, "2024-10-27 02:40:00 +0100", "2024-10-27 04:00:00 +0100", "AsleepREM", zone),
        slept(watch, "2024-10-27 04:00:00 +0100", "2024-10-27 06:30:00 +0100", "AsleepCore", zone),
        slept(watch, "2024-10-27 14:00:00 +0100", "2024-10-27 14:35:00 +0100", "AsleepCore", zone),
        slept(app("Nachtschlaf"), "2024-10-26 23:20:00 +0200", "2024-10-27 06:10:00 +0100", "AsleepUnspecified"),
    ]
    child = record("HeartRate", watch, noon.format(50), noon.format(50), 99, "count/min")
    others = [
        child,
        back_pain(noon.format(45), noon.format(45), "Moderate"),
        back_pain("2024-10-27 08:00:00 +0100", "2024-10-27 08:00:00 +0100", "NotPresent"),
        back_pain("2024-10-28 08:00:00 +0100", "2024-10-28 08:00:00 +0100", "Unspecified"),
        f' <Correlation type="HKCorrelationTypeIdentifierBloodPressure" {app("Cuff")}>\n {child} </Correlation>\n',
        ' <Workout workoutActivityType="HKWorkoutActivityTypeWalking" duration="32.5" durationUnit="min" '
        f'{watch} creationDate="2024-10-27 10:35:00 +0100" startDate="2024-10-27 10:00:00 +0100"'
        ' endDate="2024-10-27 10:32:30 +0100">\n'
        + metadata("HKTimeZone", zone)
        + '  <WorkoutEvent type="HKWorkoutEventTypeSegment" date="2024-10-27 10:00:00 +0100" duration="12"/>\n'
        '  <WorkoutActivity uuid="0" startDate="2024-10-27 10:00:00 +0100" duration="32.5">\n'
        '   <WorkoutStatistics type="HKQuantityTypeIdentifierStepCount" sum="1" unit="count"/>\n'
        "  </WorkoutActivity>\n"
        '  <WorkoutStatistics type="HKQuantityTypeIdentifierHeartRate" average="101" minimum="88" unit="count/min"/>\n'
        '  <WorkoutStatistics type="HKQuantityTypeIdentifierStepCount" sum="3410" unit="count"/>\n'
        '  <WorkoutStatistics type="HKQuantityTypeIdentifierDistanceWalkingRunning" sum="2.5" unit="km"/>\n'
        '  <WorkoutStatistics type="HKQuantityTypeIdentifierActiveEnergyBurned" sum="131" unit="kcal"/>\n'
        '  <WorkoutRoute sourceName="client_1" startDate="2024-10-27 10:00:00 +0100">\n'
        '   <FileReference path="/workout-routes/route_2024-10-27_10.32am.gpx"/>\n  </WorkoutRoute>\n </Workout>\n',
        rings("2024-10-25", 0, 0, 0),
        rings("2024-10-26", 412.7, 31, 12),
    ]
    return HEAD + EXPORTED + "".join(steps + body + night + others) + END


def rings(day: str, energy: float, exercise: int, standing: int) -> str:
    return (
        f' <ActivitySummary dateComponents="{day}" activeEnergyBurned="{energy}" activeEnergyBurnedGoal="500"'
        f' activeEnergyBurnedUnit="kcal" appleMoveTime="0" appleExerciseTime="{exercise}" appleExerciseTimeGoal="30"'
        f' appleStandHours="{standing}" appleStandHoursGoal="12"/>\n'
    )


def old_phone() -> str:
    """iOS 12 in miles and without a watch: no document type, routes inside, attributes in another order, one offset."""
    when = "2018-12-10 {} -0700"  # written in summer, so that winter stands at summer's offset
    phone = device(("client_2’s iPhone", "12.1", "iPhone", "iPhone", "iPhone8,1", "12.1"), 0x282A45810)
    own = f'creationDate="{when.format("18:00:00")}" {phone}'
    rows = "".join(
        f' <Record {own} startDate="{when.format(f"{hour:02}:00:00")}" endDate="{when.format(f"{hour:02}:20:00")}"'
        f' type="HKQuantityTypeIdentifier{kind}" unit="{unit}" value="{value}"/>\n'
        for hour, kind, unit, value in (
            (8, "StepCount", "count", 1500),
            (8, "DistanceWalkingRunning", "mi", 0.75),
            (9, "StepCount", "count", 900),
        )
    )
    clock_app = app("Clock", "50")
    night = slept(clock_app, when.format("00:15:00"), when.format("07:05:00"), "InBed", "America/Los_Angeles") + slept(
        app("Sleepy", "3"), when.format("00:40:00"), when.format("06:50:00"), "Asleep"
    )
    workout = (
        ' <Workout workoutActivityType="HKWorkoutActivityTypeTraditionalStrengthTraining" duration="40"'
        ' durationUnit="min" totalDistance="1.5" totalDistanceUnit="mi" totalEnergyBurned="180"'
        f' totalEnergyBurnedUnit="Cal" {phone} startDate="{when.format("17:00:00")}"'
        f' endDate="{when.format("17:40:00")}">\n  <WorkoutRoute sourceName="client_2’s iPhone">\n'
        f'   <Location date="{when.format("17:00:00")}" latitude="0" longitude="0" altitude="0"/>\n'
        f'   <Location date="{when.format("17:00:05")}" latitude="0" longitude="0" altitude="0"/>\n'
        "  </WorkoutRoute>\n </Workout>\n"
    )
    head = '<HealthData locale="en_US">\n <ExportDate value="2019-07-19 10:36:11 -0700"/>\n'
    return head + rows + night + workout + END


ROUTE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Apple Health Export">\n <trk><trkseg>\n'
    '  <trkpt lon="0" lat="0"><time>2024-10-27T09:00:00Z</time></trkpt>\n </trkseg></trk>\n</gpx>\n'
)
CDA = (
    '<?xml version="1.0"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3">\n <title>Health Data Export</title>\n'
    "</ClinicalDocument>\n<entry/>\n"  # what follows the root makes it no XML, as in real ones
)
ECG = "Name,client_1\nAufzeichnungsdatum,2024-10-26 12:00:00 +0200\nAbtastrate,512 Hertz\n\n12.5\n-3.25\n"


def main() -> None:
    root = SAMPLES / "phone_and_watch" / "apple_health_export"
    files = {
        root / "导出.xml": phone_and_watch(),
        root / "导出_cda.xml": CDA,
        root / "workout-routes" / "route_2024-10-27_10.32am.gpx": ROUTE,
        root / "electrocardiograms" / "ecg_2024-10-26.csv": ECG,
        SAMPLES / "old_phone" / "Exportar.xml": old_phone(),
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


if __name__ == "__main__":
    main()
