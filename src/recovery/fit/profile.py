"""The kinds of FIT messages that tell of movement, rest and sleep: names, numbers, scales, times.

The table is text, so that it reads as one: a line with the number and name of a kind, then its fields, each with its
number and name, `/scale`, `-offset` (what is stored, over the scale, less the offset, is the value), and `time` for
seconds of FIT in UTC, `local` for seconds of FIT on the device's own clock.

The facts are those of Garmin's published profile, for the kinds up to 227 as fitparse 1.2 carries them (the tests
compare), above as formats in use tell them. Kinds and fields that are missing here are still decoded, by number.
"""

from functools import cached_property
from typing import NamedTuple

TABLE = """
0 file_id
    0 type; 1 manufacturer; 2 product; 3 serial_number; 4 time_created time; 5 number; 8 product_name
2 device_settings
    0 active_time_zone; 1 utc_offset; 2 time_offset; 4 time_mode; 5 time_zone_offset /4; 12 backlight_mode;
    36 activity_tracker_enabled; 39 clock_time time; 40 pages_enabled; 46 move_alert_enabled; 47 date_mode;
    55 display_orientation; 56 mounting_side; 57 default_page; 58 autosync_min_steps; 59 autosync_min_time;
    80 lactate_threshold_autodetect_enabled; 86 ble_auto_upload_enabled; 89 auto_sync_frequency;
    90 auto_activity_detect; 94 number_of_screens; 95 smart_notification_display_orientation; 134 tap_interface
18 session
    0 event; 1 event_type; 2 start_time time; 3 start_position_lat; 4 start_position_long; 5 sport; 6 sub_sport;
    7 total_elapsed_time /1000; 8 total_timer_time /1000; 9 total_distance /100; 10 total_cycles;
    11 total_calories; 13 total_fat_calories; 14 avg_speed /1000; 15 max_speed /1000; 16 avg_heart_rate;
    17 max_heart_rate; 18 avg_cadence; 19 max_cadence; 20 avg_power; 21 max_power; 22 total_ascent;
    23 total_descent; 24 total_training_effect /10; 25 first_lap_index; 26 num_laps; 27 event_group; 28 trigger;
    29 nec_lat; 30 nec_long; 31 swc_lat; 32 swc_long; 34 normalized_power; 35 training_stress_score /10;
    36 intensity_factor /1000; 37 left_right_balance; 41 avg_stroke_count /10; 42 avg_stroke_distance /100;
    43 swim_stroke; 44 pool_length /100; 45 threshold_power; 46 pool_length_unit; 47 num_active_lengths;
    48 total_work; 49 avg_altitude /5 -500; 50 max_altitude /5 -500; 51 gps_accuracy; 52 avg_grade /100;
    53 avg_pos_grade /100; 54 avg_neg_grade /100; 55 max_pos_grade /100; 56 max_neg_grade /100;
    57 avg_temperature; 58 max_temperature; 59 total_moving_time /1000; 60 avg_pos_vertical_speed /1000;
    61 avg_neg_vertical_speed /1000; 62 max_pos_vertical_speed /1000; 63 max_neg_vertical_speed /1000;
    64 min_heart_rate; 65 time_in_hr_zone /1000; 66 time_in_speed_zone /1000; 67 time_in_cadence_zone /1000;
    68 time_in_power_zone /1000; 69 avg_lap_time /1000; 70 best_lap_index; 71 min_altitude /5 -500;
    82 player_score; 83 opponent_score; 84 opponent_name; 85 stroke_count; 86 zone_count; 87 max_ball_speed /100;
    88 avg_ball_speed /100; 89 avg_vertical_oscillation /10; 90 avg_stance_time_percent /100;
    91 avg_stance_time /10; 92 avg_fractional_cadence /128; 93 max_fractional_cadence /128;
    94 total_fractional_cycles /128; 95 avg_total_hemoglobin_conc /100; 96 min_total_hemoglobin_conc /100;
    97 max_total_hemoglobin_conc /100; 98 avg_saturated_hemoglobin_percent /10;
    99 min_saturated_hemoglobin_percent /10; 100 max_saturated_hemoglobin_percent /10;
    101 avg_left_torque_effectiveness /2; 102 avg_right_torque_effectiveness /2; 103 avg_left_pedal_smoothness /2;
    104 avg_right_pedal_smoothness /2; 105 avg_combined_pedal_smoothness /2; 111 sport_index;
    112 time_standing /1000; 113 stand_count; 114 avg_left_pco; 115 avg_right_pco;
    116 avg_left_power_phase /0.711111; 117 avg_left_power_phase_peak /0.711111;
    118 avg_right_power_phase /0.711111; 119 avg_right_power_phase_peak /0.711111; 120 avg_power_position;
    121 max_power_position; 122 avg_cadence_position; 123 max_cadence_position; 124 enhanced_avg_speed /1000;
    125 enhanced_max_speed /1000; 126 enhanced_avg_altitude /5 -500; 127 enhanced_min_altitude /5 -500;
    128 enhanced_max_altitude /5 -500; 129 avg_lev_motor_power; 130 max_lev_motor_power;
    131 lev_battery_consumption /2; 132 avg_vertical_ratio /100; 133 avg_stance_time_balance /100;
    134 avg_step_length /10; 137 total_anaerobic_training_effect /10; 139 avg_vam /1000; 253 timestamp time;
    254 message_index
19 lap
    0 event; 1 event_type; 2 start_time time; 3 start_position_lat; 4 start_position_long; 5 end_position_lat;
    6 end_position_long; 7 total_elapsed_time /1000; 8 total_timer_time /1000; 9 total_distance /100;
    10 total_cycles; 11 total_calories; 12 total_fat_calories; 13 avg_speed /1000; 14 max_speed /1000;
    15 avg_heart_rate; 16 max_heart_rate; 17 avg_cadence; 18 max_cadence; 19 avg_power; 20 max_power;
    21 total_ascent; 22 total_descent; 23 intensity; 24 lap_trigger; 25 sport; 26 event_group; 32 num_lengths;
    33 normalized_power; 34 left_right_balance; 35 first_length_index; 37 avg_stroke_distance /100;
    38 swim_stroke; 39 sub_sport; 40 num_active_lengths; 41 total_work; 42 avg_altitude /5 -500;
    43 max_altitude /5 -500; 44 gps_accuracy; 45 avg_grade /100; 46 avg_pos_grade /100; 47 avg_neg_grade /100;
    48 max_pos_grade /100; 49 max_neg_grade /100; 50 avg_temperature; 51 max_temperature;
    52 total_moving_time /1000; 53 avg_pos_vertical_speed /1000; 54 avg_neg_vertical_speed /1000;
    55 max_pos_vertical_speed /1000; 56 max_neg_vertical_speed /1000; 57 time_in_hr_zone /1000;
    58 time_in_speed_zone /1000; 59 time_in_cadence_zone /1000; 60 time_in_power_zone /1000; 61 repetition_num;
    62 min_altitude /5 -500; 63 min_heart_rate; 71 wkt_step_index; 74 opponent_score; 75 stroke_count;
    76 zone_count; 77 avg_vertical_oscillation /10; 78 avg_stance_time_percent /100; 79 avg_stance_time /10;
    80 avg_fractional_cadence /128; 81 max_fractional_cadence /128; 82 total_fractional_cycles /128;
    83 player_score; 84 avg_total_hemoglobin_conc /100; 85 min_total_hemoglobin_conc /100;
    86 max_total_hemoglobin_conc /100; 87 avg_saturated_hemoglobin_percent /10;
    88 min_saturated_hemoglobin_percent /10; 89 max_saturated_hemoglobin_percent /10;
    91 avg_left_torque_effectiveness /2; 92 avg_right_torque_effectiveness /2; 93 avg_left_pedal_smoothness /2;
    94 avg_right_pedal_smoothness /2; 95 avg_combined_pedal_smoothness /2; 98 time_standing /1000; 99 stand_count;
    100 avg_left_pco; 101 avg_right_pco; 102 avg_left_power_phase /0.711111;
    103 avg_left_power_phase_peak /0.711111; 104 avg_right_power_phase /0.711111;
    105 avg_right_power_phase_peak /0.711111; 106 avg_power_position; 107 max_power_position;
    108 avg_cadence_position; 109 max_cadence_position; 110 enhanced_avg_speed /1000;
    111 enhanced_max_speed /1000; 112 enhanced_avg_altitude /5 -500; 113 enhanced_min_altitude /5 -500;
    114 enhanced_max_altitude /5 -500; 115 avg_lev_motor_power; 116 max_lev_motor_power;
    117 lev_battery_consumption /2; 118 avg_vertical_ratio /100; 119 avg_stance_time_balance /100;
    120 avg_step_length /10; 121 avg_vam /1000; 253 timestamp time; 254 message_index
20 record
    0 position_lat; 1 position_long; 2 altitude /5 -500; 3 heart_rate; 4 cadence; 5 distance /100; 6 speed /1000;
    7 power; 8 compressed_speed_distance; 9 grade /100; 10 resistance; 11 time_from_course /1000;
    12 cycle_length /100; 13 temperature; 17 speed_1s /16; 18 cycles; 19 total_cycles;
    28 compressed_accumulated_power; 29 accumulated_power; 30 left_right_balance; 31 gps_accuracy;
    32 vertical_speed /1000; 33 calories; 39 vertical_oscillation /10; 40 stance_time_percent /100;
    41 stance_time /10; 42 activity_type; 43 left_torque_effectiveness /2; 44 right_torque_effectiveness /2;
    45 left_pedal_smoothness /2; 46 right_pedal_smoothness /2; 47 combined_pedal_smoothness /2; 48 time128 /128;
    49 stroke_type; 50 zone; 51 ball_speed /100; 52 cadence256 /256; 53 fractional_cadence /128;
    54 total_hemoglobin_conc /100; 55 total_hemoglobin_conc_min /100; 56 total_hemoglobin_conc_max /100;
    57 saturated_hemoglobin_percent /10; 58 saturated_hemoglobin_percent_min /10;
    59 saturated_hemoglobin_percent_max /10; 62 device_index; 67 left_pco; 68 right_pco;
    69 left_power_phase /0.711111; 70 left_power_phase_peak /0.711111; 71 right_power_phase /0.711111;
    72 right_power_phase_peak /0.711111; 73 enhanced_speed /1000; 78 enhanced_altitude /5 -500; 81 battery_soc /2;
    82 motor_power; 83 vertical_ratio /100; 84 stance_time_balance /100; 85 step_length /10; 91 absolute_pressure;
    92 depth /1000; 93 next_stop_depth /1000; 94 next_stop_time; 95 time_to_surface; 96 ndl_time; 97 cns_load;
    98 n2_load; 253 timestamp time
21 event
    0 event; 1 event_type; 2 data16; 3 data; 4 event_group; 7 score; 8 opponent_score; 9 front_gear_num;
    10 front_gear; 11 rear_gear_num; 12 rear_gear; 13 device_index; 253 timestamp time
23 device_info
    0 device_index; 1 device_type; 2 manufacturer; 3 serial_number; 4 product; 5 software_version /100;
    6 hardware_version; 7 cum_operating_time; 10 battery_voltage /256; 11 battery_status; 18 sensor_position;
    19 descriptor; 20 ant_transmission_type; 21 ant_device_number; 22 ant_network; 25 source_type;
    27 product_name; 253 timestamp time
34 activity
    0 total_timer_time /1000; 1 num_sessions; 2 type; 3 event; 4 event_type; 5 local_timestamp local;
    6 event_group; 253 timestamp time
49 file_creator
    0 software_version; 1 hardware_version
55 monitoring
    0 device_index; 1 calories; 2 distance /100; 3 cycles /2; 4 active_time /1000; 5 activity_type;
    6 activity_subtype; 7 activity_level; 8 distance_16; 9 cycles_16; 10 active_time_16; 11 local_timestamp local;
    12 temperature /100; 14 temperature_min /100; 15 temperature_max /100; 16 activity_time; 19 active_calories;
    24 current_activity_type_intensity; 25 timestamp_min_8; 26 timestamp_16; 27 heart_rate; 28 intensity /10;
    29 duration_min; 30 duration; 31 ascent /1000; 32 descent /1000; 33 moderate_activity_minutes;
    34 vigorous_activity_minutes; 35 day_ascent /1000;
    36 day_descent /1000; 37 day_moderate_minutes; 38 day_vigorous_minutes; 253 timestamp time
78 hrv
    0 time /1000
103 monitoring_info
    0 local_timestamp local; 1 activity_type; 3 cycles_to_distance /5000; 4 cycles_to_calories /5000;
    5 resting_metabolic_rate; 253 timestamp time
206 field_description
    0 developer_data_index; 1 field_definition_number; 2 fit_base_type_id; 3 field_name; 4 array; 5 components;
    6 scale; 7 offset; 8 units; 9 bits; 10 accumulate; 13 fit_base_unit_id; 14 native_mesg_num;
    15 native_field_num
207 developer_data_id
    0 developer_id; 1 application_id; 2 manufacturer_id; 3 developer_data_index; 4 application_version
211 monitoring_hr_data
    0 resting_heart_rate; 1 current_day_resting_heart_rate; 253 timestamp time
227 stress_level
    0 stress_level_value; 1 stress_level_time time
229 max_met_data
    0 update_time time; 2 vo2_max /10; 5 sport; 6 sub_sport; 8 max_met_category; 9 calibrated_data; 12 hr_source;
    13 speed_source
269 spo2_data
    0 reading_spo2; 1 reading_confidence; 2 mode; 253 timestamp time
275 sleep_level
    0 sleep_level; 253 timestamp time
290 beat_intervals
    0 timestamp_ms; 1 time; 253 timestamp time
297 respiration_rate
    0 respiration_rate /100; 253 timestamp time
346 sleep_assessment
    0 combined_awake_score; 1 awake_time_score; 2 awakenings_count_score; 3 deep_sleep_score;
    4 sleep_duration_score; 5 light_sleep_score; 6 overall_sleep_score; 7 sleep_quality_score;
    8 sleep_recovery_score; 9 rem_sleep_score; 10 sleep_restlessness_score; 11 awakenings_count;
    14 interruptions_score; 15 average_stress_during_sleep /100
370 hrv_status_summary
    0 weekly_average /128; 1 last_night_average /128; 2 last_night_5_min_high /128; 3 baseline_low_upper /128;
    4 baseline_balanced_lower /128; 5 baseline_balanced_upper /128; 6 status; 253 timestamp time
371 hrv_value
    0 value /128; 253 timestamp time
398 skin_temp_overnight
    0 local_timestamp local; 1 average_deviation; 2 average_7_day_deviation; 4 nightly_value; 253 timestamp time
412 nap_event
    0 start_time time; 1 start_timezone_offset; 2 end_time time; 3 end_timezone_offset; 4 feedback; 5 is_deleted;
    6 source; 7 update_timestamp time; 253 timestamp time
"""


class Field(NamedTuple):
    """One field of a kind of message."""

    name: str
    scale: float
    offset: float
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


def _field(words: list[str]) -> tuple[int, Field]:
    scale, offset, kind = 1.0, 0.0, ""
    for word in words[2:]:
        if word[0] == "/":
            scale = float(word[1:])
        elif word[0] in "+-":
            offset = -float(word)
        else:
            kind = word
    return int(words[0]), Field(words[1], scale, offset, kind)


def _parse(table: str) -> dict[str, Message]:
    messages: dict[str, Message] = {}
    fields: dict[int, Field] = {}
    for line in table.strip().splitlines():
        if not line.startswith(" "):
            number, name = line.split()
            fields = {}
            messages[name] = Message(int(number), name, fields)
        else:
            fields.update(_field(item.split()) for item in line.split(";") if item.strip())
    return messages


MESSAGES = _parse(TABLE)
NAMES = {message.number: message for message in MESSAGES.values()}
