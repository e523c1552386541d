"""The kinds of FIT messages about movement, rest and sleep: names, numbers, scales, times.

The table is text, so that it reads as one: a line with the number and name of a kind, then its fields, each with its
number, name and type, then `/scale` and `+offset` or `-offset` where there are: what is stored, over the scale, and
that offset, is the value. The type `time` is seconds of FIT in UTC, `local` seconds of FIT on the device's own clock.

The facts are those of Garmin's published profile, for the kinds up to 227 as fitparse 1.2 carries them (the tests
compare), above as formats in use give them. Kinds and fields that are missing here are still decoded, by number.
"""

from functools import cached_property
from typing import NamedTuple

TABLE = """
0 file_id
    0 type enum; 1 manufacturer uint16; 2 product uint16; 3 serial_number uint32z; 4 time_created time;
    5 number uint16; 8 product_name string
2 device_settings
    0 active_time_zone uint8; 1 utc_offset uint32; 2 time_offset uint32; 4 time_mode enum;
    5 time_zone_offset sint8 /4; 12 backlight_mode enum; 36 activity_tracker_enabled enum; 39 clock_time time;
    40 pages_enabled uint16; 46 move_alert_enabled enum; 47 date_mode enum; 55 display_orientation enum;
    56 mounting_side enum; 57 default_page uint16; 58 autosync_min_steps uint16; 59 autosync_min_time uint16;
    80 lactate_threshold_autodetect_enabled enum; 86 ble_auto_upload_enabled enum; 89 auto_sync_frequency enum;
    90 auto_activity_detect uint32; 94 number_of_screens uint8; 95 smart_notification_display_orientation enum;
    134 tap_interface enum
18 session
    0 event enum; 1 event_type enum; 2 start_time time; 3 start_position_lat sint32; 4 start_position_long sint32;
    5 sport enum; 6 sub_sport enum; 7 total_elapsed_time uint32 /1000; 8 total_timer_time uint32 /1000;
    9 total_distance uint32 /100; 10 total_cycles uint32; 11 total_calories uint16; 13 total_fat_calories uint16;
    14 avg_speed uint16 /1000; 15 max_speed uint16 /1000; 16 avg_heart_rate uint8; 17 max_heart_rate uint8;
    18 avg_cadence uint8; 19 max_cadence uint8; 20 avg_power uint16; 21 max_power uint16; 22 total_ascent uint16;
    23 total_descent uint16; 24 total_training_effect uint8 /10; 25 first_lap_index uint16; 26 num_laps uint16;
    27 event_group uint8; 28 trigger enum; 29 nec_lat sint32; 30 nec_long sint32; 31 swc_lat sint32;
    32 swc_long sint32; 34 normalized_power uint16; 35 training_stress_score uint16 /10;
    36 intensity_factor uint16 /1000; 37 left_right_balance uint16; 41 avg_stroke_count uint32 /10;
    42 avg_stroke_distance uint16 /100; 43 swim_stroke enum; 44 pool_length uint16 /100;
    45 threshold_power uint16; 46 pool_length_unit enum; 47 num_active_lengths uint16; 48 total_work uint32;
    49 avg_altitude uint16 /5 -500; 50 max_altitude uint16 /5 -500; 51 gps_accuracy uint8;
    52 avg_grade sint16 /100; 53 avg_pos_grade sint16 /100; 54 avg_neg_grade sint16 /100;
    55 max_pos_grade sint16 /100; 56 max_neg_grade sint16 /100; 57 avg_temperature sint8;
    58 max_temperature sint8; 59 total_moving_time uint32 /1000; 60 avg_pos_vertical_speed sint16 /1000;
    61 avg_neg_vertical_speed sint16 /1000; 62 max_pos_vertical_speed sint16 /1000;
    63 max_neg_vertical_speed sint16 /1000; 64 min_heart_rate uint8; 65 time_in_hr_zone uint32 /1000;
    66 time_in_speed_zone uint32 /1000; 67 time_in_cadence_zone uint32 /1000; 68 time_in_power_zone uint32 /1000;
    69 avg_lap_time uint32 /1000; 70 best_lap_index uint16; 71 min_altitude uint16 /5 -500;
    82 player_score uint16; 83 opponent_score uint16; 84 opponent_name string; 85 stroke_count uint16;
    86 zone_count uint16; 87 max_ball_speed uint16 /100; 88 avg_ball_speed uint16 /100;
    89 avg_vertical_oscillation uint16 /10; 90 avg_stance_time_percent uint16 /100; 91 avg_stance_time uint16 /10;
    92 avg_fractional_cadence uint8 /128; 93 max_fractional_cadence uint8 /128;
    94 total_fractional_cycles uint8 /128; 95 avg_total_hemoglobin_conc uint16 /100;
    96 min_total_hemoglobin_conc uint16 /100; 97 max_total_hemoglobin_conc uint16 /100;
    98 avg_saturated_hemoglobin_percent uint16 /10; 99 min_saturated_hemoglobin_percent uint16 /10;
    100 max_saturated_hemoglobin_percent uint16 /10; 101 avg_left_torque_effectiveness uint8 /2;
    102 avg_right_torque_effectiveness uint8 /2; 103 avg_left_pedal_smoothness uint8 /2;
    104 avg_right_pedal_smoothness uint8 /2; 105 avg_combined_pedal_smoothness uint8 /2; 111 sport_index uint8;
    112 time_standing uint32 /1000; 113 stand_count uint16; 114 avg_left_pco sint8; 115 avg_right_pco sint8;
    116 avg_left_power_phase uint8 /0.711111; 117 avg_left_power_phase_peak uint8 /0.711111;
    118 avg_right_power_phase uint8 /0.711111; 119 avg_right_power_phase_peak uint8 /0.711111;
    120 avg_power_position uint16; 121 max_power_position uint16; 122 avg_cadence_position uint8;
    123 max_cadence_position uint8; 124 enhanced_avg_speed uint32 /1000; 125 enhanced_max_speed uint32 /1000;
    126 enhanced_avg_altitude uint32 /5 -500; 127 enhanced_min_altitude uint32 /5 -500;
    128 enhanced_max_altitude uint32 /5 -500; 129 avg_lev_motor_power uint16; 130 max_lev_motor_power uint16;
    131 lev_battery_consumption uint8 /2; 132 avg_vertical_ratio uint16 /100;
    133 avg_stance_time_balance uint16 /100; 134 avg_step_length uint16 /10;
    137 total_anaerobic_training_effect uint8 /10; 139 avg_vam uint16 /1000; 253 timestamp time;
    254 message_index uint16
19 lap
    0 event enum; 1 event_type enum; 2 start_time time; 3 start_position_lat sint32; 4 start_position_long sint32;
    5 end_position_lat sint32; 6 end_position_long sint32; 7 total_elapsed_time uint32 /1000;
    8 total_timer_time uint32 /1000; 9 total_distance uint32 /100; 10 total_cycles uint32;
    11 total_calories uint16; 12 total_fat_calories uint16; 13 avg_speed uint16 /1000; 14 max_speed uint16 /1000;
    15 avg_heart_rate uint8; 16 max_heart_rate uint8; 17 avg_cadence uint8; 18 max_cadence uint8;
    19 avg_power uint16; 20 max_power uint16; 21 total_ascent uint16; 22 total_descent uint16; 23 intensity enum;
    24 lap_trigger enum; 25 sport enum; 26 event_group uint8; 32 num_lengths uint16; 33 normalized_power uint16;
    34 left_right_balance uint16; 35 first_length_index uint16; 37 avg_stroke_distance uint16 /100;
    38 swim_stroke enum; 39 sub_sport enum; 40 num_active_lengths uint16; 41 total_work uint32;
    42 avg_altitude uint16 /5 -500; 43 max_altitude uint16 /5 -500; 44 gps_accuracy uint8;
    45 avg_grade sint16 /100; 46 avg_pos_grade sint16 /100; 47 avg_neg_grade sint16 /100;
    48 max_pos_grade sint16 /100; 49 max_neg_grade sint16 /100; 50 avg_temperature sint8;
    51 max_temperature sint8; 52 total_moving_time uint32 /1000; 53 avg_pos_vertical_speed sint16 /1000;
    54 avg_neg_vertical_speed sint16 /1000; 55 max_pos_vertical_speed sint16 /1000;
    56 max_neg_vertical_speed sint16 /1000; 57 time_in_hr_zone uint32 /1000; 58 time_in_speed_zone uint32 /1000;
    59 time_in_cadence_zone uint32 /1000; 60 time_in_power_zone uint32 /1000; 61 repetition_num uint16;
    62 min_altitude uint16 /5 -500; 63 min_heart_rate uint8; 71 wkt_step_index uint16; 74 opponent_score uint16;
    75 stroke_count uint16; 76 zone_count uint16; 77 avg_vertical_oscillation uint16 /10;
    78 avg_stance_time_percent uint16 /100; 79 avg_stance_time uint16 /10; 80 avg_fractional_cadence uint8 /128;
    81 max_fractional_cadence uint8 /128; 82 total_fractional_cycles uint8 /128; 83 player_score uint16;
    84 avg_total_hemoglobin_conc uint16 /100; 85 min_total_hemoglobin_conc uint16 /100;
    86 max_total_hemoglobin_conc uint16 /100; 87 avg_saturated_hemoglobin_percent uint16 /10;
    88 min_saturated_hemoglobin_percent uint16 /10; 89 max_saturated_hemoglobin_percent uint16 /10;
    91 avg_left_torque_effectiveness uint8 /2; 92 avg_right_torque_effectiveness uint8 /2;
    93 avg_left_pedal_smoothness uint8 /2; 94 avg_right_pedal_smoothness uint8 /2;
    95 avg_combined_pedal_smoothness uint8 /2; 98 time_standing uint32 /1000; 99 stand_count uint16;
    100 avg_left_pco sint8; 101 avg_right_pco sint8; 102 avg_left_power_phase uint8 /0.711111;
    103 avg_left_power_phase_peak uint8 /0.711111; 104 avg_right_power_phase uint8 /0.711111;
    105 avg_right_power_phase_peak uint8 /0.711111; 106 avg_power_position uint16; 107 max_power_position uint16;
    108 avg_cadence_position uint8; 109 max_cadence_position uint8; 110 enhanced_avg_speed uint32 /1000;
    111 enhanced_max_speed uint32 /1000; 112 enhanced_avg_altitude uint32 /5 -500;
    113 enhanced_min_altitude uint32 /5 -500; 114 enhanced_max_altitude uint32 /5 -500;
    115 avg_lev_motor_power uint16; 116 max_lev_motor_power uint16; 117 lev_battery_consumption uint8 /2;
    118 avg_vertical_ratio uint16 /100; 119 avg_stance_time_balance uint16 /100; 120 avg_step_length uint16 /10;
    121 avg_vam uint16 /1000; 253 timestamp time; 254 message_index uint16
20 record
    0 position_lat sint32; 1 position_long sint32; 2 altitude uint16 /5 -500; 3 heart_rate uint8; 4 cadence uint8;
    5 distance uint32 /100; 6 speed uint16 /1000; 7 power uint16; 8 compressed_speed_distance byte;
    9 grade sint16 /100; 10 resistance uint8; 11 time_from_course sint32 /1000; 12 cycle_length uint8 /100;
    13 temperature sint8; 17 speed_1s uint8 /16; 18 cycles uint8; 19 total_cycles uint32;
    28 compressed_accumulated_power uint16; 29 accumulated_power uint32; 30 left_right_balance uint8;
    31 gps_accuracy uint8; 32 vertical_speed sint16 /1000; 33 calories uint16; 39 vertical_oscillation uint16 /10;
    40 stance_time_percent uint16 /100; 41 stance_time uint16 /10; 42 activity_type enum;
    43 left_torque_effectiveness uint8 /2; 44 right_torque_effectiveness uint8 /2;
    45 left_pedal_smoothness uint8 /2; 46 right_pedal_smoothness uint8 /2; 47 combined_pedal_smoothness uint8 /2;
    48 time128 uint8 /128; 49 stroke_type enum; 50 zone uint8; 51 ball_speed uint16 /100;
    52 cadence256 uint16 /256; 53 fractional_cadence uint8 /128; 54 total_hemoglobin_conc uint16 /100;
    55 total_hemoglobin_conc_min uint16 /100; 56 total_hemoglobin_conc_max uint16 /100;
    57 saturated_hemoglobin_percent uint16 /10; 58 saturated_hemoglobin_percent_min uint16 /10;
    59 saturated_hemoglobin_percent_max uint16 /10; 62 device_index uint8; 67 left_pco sint8; 68 right_pco sint8;
    69 left_power_phase uint8 /0.711111; 70 left_power_phase_peak uint8 /0.711111;
    71 right_power_phase uint8 /0.711111; 72 right_power_phase_peak uint8 /0.711111;
    73 enhanced_speed uint32 /1000; 78 enhanced_altitude uint32 /5 -500; 81 battery_soc uint8 /2;
    82 motor_power uint16; 83 vertical_ratio uint16 /100; 84 stance_time_balance uint16 /100;
    85 step_length uint16 /10; 91 absolute_pressure uint32; 92 depth uint32 /1000;
    93 next_stop_depth uint32 /1000; 94 next_stop_time uint32; 95 time_to_surface uint32; 96 ndl_time uint32;
    97 cns_load uint8; 98 n2_load uint16; 253 timestamp time
21 event
    0 event enum; 1 event_type enum; 2 data16 uint16; 3 data uint32; 4 event_group uint8; 7 score uint16;
    8 opponent_score uint16; 9 front_gear_num uint8z; 10 front_gear uint8z; 11 rear_gear_num uint8z;
    12 rear_gear uint8z; 13 device_index uint8; 253 timestamp time
23 device_info
    0 device_index uint8; 1 device_type uint8; 2 manufacturer uint16; 3 serial_number uint32z; 4 product uint16;
    5 software_version uint16 /100; 6 hardware_version uint8; 7 cum_operating_time uint32;
    10 battery_voltage uint16 /256; 11 battery_status uint8; 18 sensor_position enum; 19 descriptor string;
    20 ant_transmission_type uint8z; 21 ant_device_number uint16z; 22 ant_network enum; 25 source_type enum;
    27 product_name string; 253 timestamp time
34 activity
    0 total_timer_time uint32 /1000; 1 num_sessions uint16; 2 type enum; 3 event enum; 4 event_type enum;
    5 local_timestamp local; 6 event_group uint8; 253 timestamp time
49 file_creator
    0 software_version uint16; 1 hardware_version uint8
55 monitoring
    0 device_index uint8; 1 calories uint16; 2 distance uint32 /100; 3 cycles uint32 /2;
    4 active_time uint32 /1000; 5 activity_type enum; 6 activity_subtype enum; 7 activity_level enum;
    8 distance_16 uint16; 9 cycles_16 uint16; 10 active_time_16 uint16; 11 local_timestamp local;
    12 temperature sint16 /100; 14 temperature_min sint16 /100; 15 temperature_max sint16 /100;
    16 activity_time uint16; 19 active_calories uint16; 24 current_activity_type_intensity byte;
    25 timestamp_min_8 uint8; 26 timestamp_16 uint16; 27 heart_rate uint8; 28 intensity uint8 /10;
    29 duration_min uint16; 30 duration uint32; 31 ascent uint32 /1000; 32 descent uint32 /1000;
    33 moderate_activity_minutes uint16; 34 vigorous_activity_minutes uint16; 35 day_ascent uint32 /1000;
    36 day_descent uint32 /1000; 37 day_moderate_minutes uint16; 38 day_vigorous_minutes uint16;
    253 timestamp time
78 hrv
    0 time uint16 /1000
103 monitoring_info
    0 local_timestamp local; 1 activity_type enum; 3 cycles_to_distance uint16 /5000;
    4 cycles_to_calories uint16 /5000; 5 resting_metabolic_rate uint16; 253 timestamp time
206 field_description
    0 developer_data_index uint8; 1 field_definition_number uint8; 2 fit_base_type_id uint8; 3 field_name string;
    4 array uint8; 5 components string; 6 scale uint8; 7 offset sint8; 8 units string; 9 bits string;
    10 accumulate string; 13 fit_base_unit_id uint16; 14 native_mesg_num uint16; 15 native_field_num uint8
207 developer_data_id
    0 developer_id byte; 1 application_id byte; 2 manufacturer_id uint16; 3 developer_data_index uint8;
    4 application_version uint32
211 monitoring_hr_data
    0 resting_heart_rate uint8; 1 current_day_resting_heart_rate uint8; 253 timestamp time
227 stress_level
    0 stress_level_value sint16; 1 stress_level_time time
229 max_met_data
    0 update_time time; 2 vo2_max uint16 /10; 5 sport enum; 6 sub_sport enum; 8 max_met_category enum;
    9 calibrated_data enum; 12 hr_source enum; 13 speed_source enum
269 spo2_data
    0 reading_spo2 uint8; 1 reading_confidence uint8; 2 mode enum; 253 timestamp time
273 sleep_data_info
    0 version uint8; 1 sample_length uint16; 2 local_timestamp local; 253 timestamp time
275 sleep_level
    0 sleep_level enum; 253 timestamp time
290 beat_intervals
    0 timestamp_ms uint16; 1 time uint16; 253 timestamp time
297 respiration_rate
    0 respiration_rate sint16 /100; 253 timestamp time
346 sleep_assessment
    0 combined_awake_score uint8; 1 awake_time_score uint8; 2 awakenings_count_score uint8;
    3 deep_sleep_score uint8; 4 sleep_duration_score uint8; 5 light_sleep_score uint8;
    6 overall_sleep_score uint8; 7 sleep_quality_score uint8; 8 sleep_recovery_score uint8;
    9 rem_sleep_score uint8; 10 sleep_restlessness_score uint8; 11 awakenings_count uint8;
    14 interruptions_score uint8; 15 average_stress_during_sleep uint16 /100
370 hrv_status_summary
    0 weekly_average uint16 /128; 1 last_night_average uint16 /128; 2 last_night_5_min_high uint16 /128;
    3 baseline_low_upper uint16 /128; 4 baseline_balanced_lower uint16 /128;
    5 baseline_balanced_upper uint16 /128; 6 status enum; 253 timestamp time
371 hrv_value
    0 value uint16 /128; 253 timestamp time
398 skin_temp_overnight
    0 local_timestamp local; 1 average_deviation float32; 2 average_7_day_deviation float32;
    4 nightly_value float32; 253 timestamp time
412 nap_event
    0 start_time time; 1 start_timezone_offset sint16; 2 end_time time; 3 end_timezone_offset sint16;
    4 feedback enum; 5 is_deleted enum; 6 source enum; 7 update_timestamp time; 253 timestamp time
"""


class Field(NamedTuple):
    """One field of a kind of message."""

    name: str
    base: str  # the FIT base type that devices use for it
    scale: float
    offset: float  # value = stored / scale + offset
    kind: str  # 'time', 'local' or ''


class Message:
    """One kind of message."""

    def __init__(self, number: int, name: str, fields: dict[int, Field]) -> None:
        self.number = number
        self.name = name
        self.fields = fields

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each field by its name."""
        return {field.name: number for number, field in self.fields.items()}


def _field(item: str) -> tuple[int, Field]:
    number, name, base, *numbers = item.split()
    scale = next((float(word[1:]) for word in numbers if word[0] == "/"), 1.0)
    offset = next((float(word) for word in numbers if word[0] in "+-"), 0.0)
    kind = base if base in ("time", "local") else ""
    return int(number), Field(name, "uint32" if kind else base, scale, offset, kind)


def _parse(table: str) -> dict[str, Message]:
    messages: dict[str, Message] = {}
    fields: dict[int, Field] = {}
    for line in table.strip().splitlines():
        if line.startswith(" "):
            fields.update(_field(item) for item in line.split(";") if item.strip())
        else:
            number, name = line.split()
            fields = {}
            messages[name] = Message(int(number), name, fields)
    return messages


MESSAGES = _parse(TABLE)
NAMES = {message.number: message.name for message in MESSAGES.values()}
