"""In which section of docs/exports.md a format stands; a test holds both against each other."""

from collections.abc import Mapping, Sequence

PAGE = "docs/exports.md"
SECTIONS: Mapping[str, Sequence[str]] = {
    "Apple": (
        "apple_health", "health_auto_export", "health_auto_export_csv", "health_md", "health_md_csv",
        "simple_health_csv",
    ),
    "AutoSleep": ("autosleep",),
    "Bearable": ("bearable_csv",),
    "Calendars": ("calendar_ics",),
    "Clients of a clinic": ("client_counts",),
    "Fitbit": ("fitbit_takeout", "fitbit_site_csv", "fitbit_web_api"),
    "Gadgetbridge": ("gadgetbridge",),
    "Garmin": ("garmin_account", "garmin_connect_json", "fit_files"),
    "Google Fit": ("google_fit_takeout", "google_fit_rest"),
    "Health Connect and Health Sync": ("health_connect", "health_sync"),
    "Huawei Health": ("huawei_health",),
    "Mi Fitness": ("mi_fitness",),
    "Oura": ("oura_export",),
    "Polar": ("polar_flow",),
    "Samsung Health": ("samsung_health",),
    "Sleep apps": ("sleep_as_android", "sleepmeter", "plees_tracker"),
    "Tracks and activities": ("tcx_files", "gpx_files", "strava_export"),
    "Studies": ("actigraph_csv", "fitabase_csv"),
    "WHOOP": ("whoop_export", "whoop_api_json"),
    "Withings": ("withings_export",),
    "Zepp and Amazfit": ("zepp_amazfit",),
    "Your own lists, and any other table": ("massage_log", "diary_log", "mapped_table"),
}  # fmt: skip
OWN = "Your own lists, and any other table"
SECTION_OF: Mapping[str, str] = {name: title for title, names in SECTIONS.items() for name in names}
