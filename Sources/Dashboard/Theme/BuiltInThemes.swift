// Made from themes/*.theme; the tests compare the two, and STREAMTOP_RECORD=1 makes this file anew.

/// The themes that the program carries with it; the same texts lie in the folder `themes/` of the repository.
enum BuiltInThemes {
    /// The default, which also fills in what other themes leave out.
    static let standardName = "streamtop-dark"
    static let standardText = streamtopDark

    /// In the order in which they are offered.
    static let all: [(name: String, text: String)] = [
        ("streamtop-dark", streamtopDark),
        ("streamtop-light", streamtopLight),
        ("okabe", okabe),
        ("eighth-avenue", eighthAvenue),
        ("blackboard", blackboard),
    ]

    private static let streamtopDark = #"""
        # streamtop-dark: the default, slate and teal for dark terminals.
        # A theme of streamtop, in btop's .theme format. Licence: Apache-2.0.

        # Background and text
        theme[main_bg]="#11151b"
        theme[main_fg]="#c9d1db"
        theme[title]="#f2f5f9"
        theme[hi_fg]="#4fd6be"
        theme[selected_bg]="#1f4a66"
        theme[selected_fg]="#ffffff"
        theme[inactive_fg]="#6f7b8a"
        theme[graph_text]="#7f8c9c"
        theme[meter_bg]="#2a323d"
        theme[proc_misc]="#4fd6be"

        # Frames: pipelines; warehouse and topics; services; scheduler, queues and log; lines within
        theme[cpu_box]="#3d8cb3"
        theme[mem_box]="#b08a3e"
        theme[net_box]="#8573c2"
        theme[proc_box]="#3f9e78"
        theme[div_line]="#2c3540"

        # Age of what waits, over five minutes
        theme[temp_start]="#5aa9e6"
        theme[temp_mid]="#b48ede"
        theme[temp_end]="#ff6b8b"

        # Watermark lag and severity: well, attention, alarm
        theme[cpu_start]="#4ccb8c"
        theme[cpu_mid]="#e6c14c"
        theme[cpu_end]="#f2625c"

        # Tasks that are due
        theme[free_start]="#2f8f83"
        theme[free_mid]="#45b8a6"
        theme[free_end]="#6fe0cc"

        # Tasks that wait for their time
        theme[cached_start]="#4a5a70"
        theme[cached_mid]="#667993"
        theme[cached_end]="#8598b3"

        # Tasks in flight
        theme[available_start]="#3d7fc4"
        theme[available_mid]="#58a0e8"
        theme[available_end]="#8cc4ff"

        # Tasks to be tried again
        theme[used_start]="#b3702c"
        theme[used_mid]="#e0913f"
        theme[used_end]="#ffb866"

        # Rates in, where something flows
        theme[download_start]="#2d6f9e"
        theme[download_mid]="#469fd6"
        theme[download_end]="#7cc9ff"

        # Rates out, where something flows
        theme[upload_start]="#7a4fb0"
        theme[upload_mid]="#a175dd"
        theme[upload_end]="#c9a6ff"

        # Share of time spent working
        theme[process_start]="#4ccb8c"
        theme[process_mid]="#e6c14c"
        theme[process_end]="#f2625c"

        # Of the process list in btop; streamtop draws nothing in these
        theme[proc_pause_bg]="#b3402f"
        theme[proc_follow_bg]="#2f6fa8"
        theme[proc_banner_bg]="#1f6f5c"
        theme[proc_banner_fg]="#ffffff"
        theme[followed_bg]="#2a4d6e"
        theme[followed_fg]="#ffffff"

        """#

    private static let streamtopLight = #"""
        # streamtop-light: for light terminals, ink on paper.
        # A theme of streamtop, in btop's .theme format. Licence: Apache-2.0.

        # Background and text
        theme[main_bg]="#fbfaf7"
        theme[main_fg]="#2b3138"
        theme[title]="#0d1116"
        theme[hi_fg]="#00695c"
        theme[selected_bg]="#cfe3f5"
        theme[selected_fg]="#0b2a45"
        theme[inactive_fg]="#79828c"
        theme[graph_text]="#6a737d"
        theme[meter_bg]="#dcdfe2"
        theme[proc_misc]="#00695c"

        # Frames: pipelines; warehouse and topics; services; scheduler, queues and log; lines within
        theme[cpu_box]="#2a6f97"
        theme[mem_box]="#8a6414"
        theme[net_box]="#6247aa"
        theme[proc_box]="#2c7a4b"
        theme[div_line]="#cdd2d7"

        # Age of what waits, over five minutes
        theme[temp_start]="#1d6fb8"
        theme[temp_mid]="#7a4fb0"
        theme[temp_end]="#c2185b"

        # Watermark lag and severity: well, attention, alarm
        theme[cpu_start]="#1f8a4c"
        theme[cpu_mid]="#b07d00"
        theme[cpu_end]="#c62828"

        # Tasks that are due
        theme[free_start]="#0f8273"
        theme[free_mid]="#0f8273"
        theme[free_end]="#075e54"

        # Tasks that wait for their time
        theme[cached_start]="#9aa5b1"
        theme[cached_mid]="#7b8794"
        theme[cached_end]="#52606d"

        # Tasks in flight
        theme[available_start]="#4a90d9"
        theme[available_mid]="#1f6fc2"
        theme[available_end]="#0b4f9c"

        # Tasks to be tried again
        theme[used_start]="#e08a2e"
        theme[used_mid]="#c26a0a"
        theme[used_end]="#8f4a00"

        # Rates in, where something flows
        theme[download_start]="#5aa0d6"
        theme[download_mid]="#1f78b4"
        theme[download_end]="#0b4f7d"

        # Rates out, where something flows
        theme[upload_start]="#a583d6"
        theme[upload_mid]="#7a4fb0"
        theme[upload_end]="#55308a"

        # Share of time spent working
        theme[process_start]="#1f8a4c"
        theme[process_mid]="#b07d00"
        theme[process_end]="#c62828"

        # Of the process list in btop; streamtop draws nothing in these
        theme[proc_pause_bg]="#c0392b"
        theme[proc_follow_bg]="#1f6fc2"
        theme[proc_banner_bg]="#0f6b5e"
        theme[proc_banner_fg]="#ffffff"
        theme[followed_bg]="#cfe3f5"
        theme[followed_fg]="#0b2a45"

        """#

    private static let okabe = #"""
        # okabe: blue, white and orange only, apart in lightness too: safe for colour-blind eyes.
        # A theme of streamtop, in btop's .theme format. Licence: Apache-2.0.

        # Background and text
        theme[main_bg]="#0e1116"
        theme[main_fg]="#d6dbe1"
        theme[title]="#ffffff"
        theme[hi_fg]="#56b4e9"
        theme[selected_bg]="#16486b"
        theme[selected_fg]="#ffffff"
        theme[inactive_fg]="#7c8794"
        theme[graph_text]="#8b95a1"
        theme[meter_bg]="#2b323b"
        theme[proc_misc]="#56b4e9"

        # Frames: pipelines; warehouse and topics; services; scheduler, queues and log; lines within
        theme[cpu_box]="#3f8fc0"
        theme[mem_box]="#c79a2e"
        theme[net_box]="#8f9aa6"
        theme[proc_box]="#c7c7c7"
        theme[div_line]="#303841"

        # Age of what waits, over five minutes
        theme[temp_start]="#56b4e9"
        theme[temp_mid]="#f0e8d0"
        theme[temp_end]="#e69f00"

        # Watermark lag and severity: well, attention, alarm
        theme[cpu_start]="#56b4e9"
        theme[cpu_mid]="#f5eeda"
        theme[cpu_end]="#e67e00"

        # Tasks that are due
        theme[free_start]="#3a86b8"
        theme[free_mid]="#56b4e9"
        theme[free_end]="#9bd3f5"

        # Tasks that wait for their time
        theme[cached_start]="#59636f"
        theme[cached_mid]="#77828f"
        theme[cached_end]="#9aa5b2"

        # Tasks in flight
        theme[available_start]="#bfc7d0"
        theme[available_mid]="#e6eaee"
        theme[available_end]="#ffffff"

        # Tasks to be tried again
        theme[used_start]="#a86500"
        theme[used_mid]="#e69f00"
        theme[used_end]="#ffc95c"

        # Rates in, where something flows
        theme[download_start]="#0072b2"
        theme[download_mid]="#3a96d0"
        theme[download_end]="#7cc4f0"

        # Rates out, where something flows
        theme[upload_start]="#b36b00"
        theme[upload_mid]="#e69f00"
        theme[upload_end]="#ffce6b"

        # Share of time spent working
        theme[process_start]="#56b4e9"
        theme[process_mid]="#f5eeda"
        theme[process_end]="#e67e00"

        # Of the process list in btop; streamtop draws nothing in these
        theme[proc_pause_bg]="#d55e00"
        theme[proc_follow_bg]="#0072b2"
        theme[proc_banner_bg]="#0072b2"
        theme[proc_banner_fg]="#ffffff"
        theme[followed_bg]="#16486b"
        theme[followed_fg]="#ffffff"

        """#

    private static let eighthAvenue = #"""
        # eighth-avenue: white tile, black signs and the blue of the lines under the avenue.
        # A theme of streamtop, in btop's .theme format. Licence: Apache-2.0.

        # Background and text
        theme[main_bg]="#0a0d12"
        theme[main_fg]="#e4e2da"
        theme[title]="#ffffff"
        theme[hi_fg]="#fccc0a"
        theme[selected_bg]="#0f4fb5"
        theme[selected_fg]="#ffffff"
        theme[inactive_fg]="#7d8187"
        theme[graph_text]="#92969c"
        theme[meter_bg]="#26292f"
        theme[proc_misc]="#fccc0a"

        # Frames: pipelines; warehouse and topics; services; scheduler, queues and log; lines within
        theme[cpu_box]="#2f6fd6"
        theme[mem_box]="#f08a24"
        theme[net_box]="#9a9fa6"
        theme[proc_box]="#5fae4f"
        theme[div_line]="#2f333a"

        # Age of what waits, over five minutes
        theme[temp_start]="#4f8df0"
        theme[temp_mid]="#fccc0a"
        theme[temp_end]="#ee352e"

        # Watermark lag and severity: well, attention, alarm
        theme[cpu_start]="#5fbf5a"
        theme[cpu_mid]="#fccc0a"
        theme[cpu_end]="#ee352e"

        # Tasks that are due
        theme[free_start]="#1f4f9e"
        theme[free_mid]="#3f7fe0"
        theme[free_end]="#8ab4ff"

        # Tasks that wait for their time
        theme[cached_start]="#5b6068"
        theme[cached_mid]="#7f848b"
        theme[cached_end]="#a7abb1"

        # Tasks in flight
        theme[available_start]="#3f8f4a"
        theme[available_mid]="#5fbf5a"
        theme[available_end]="#93e08c"

        # Tasks to be tried again
        theme[used_start]="#c75f14"
        theme[used_mid]="#f08a24"
        theme[used_end]="#ffb469"

        # Rates in, where something flows
        theme[download_start]="#1f4f9e"
        theme[download_mid]="#3f7fe0"
        theme[download_end]="#8ab4ff"

        # Rates out, where something flows
        theme[upload_start]="#a88600"
        theme[upload_mid]="#fccc0a"
        theme[upload_end]="#ffe680"

        # Share of time spent working
        theme[process_start]="#5fbf5a"
        theme[process_mid]="#fccc0a"
        theme[process_end]="#ee352e"

        # Of the process list in btop; streamtop draws nothing in these
        theme[proc_pause_bg]="#ee352e"
        theme[proc_follow_bg]="#0f4fb5"
        theme[proc_banner_bg]="#0f4fb5"
        theme[proc_banner_fg]="#ffffff"
        theme[followed_bg]="#0f4fb5"
        theme[followed_fg]="#ffffff"

        """#

    private static let blackboard = #"""
        # blackboard: chalk on slate, nearly without colour, of high contrast.
        # A theme of streamtop, in btop's .theme format. Licence: Apache-2.0.

        # Background and text
        theme[main_bg]="#000000"
        theme[main_fg]="#f0f0f0"
        theme[title]="#ffffff"
        theme[hi_fg]="#ffffff"
        theme[selected_bg]="#e8e8e8"
        theme[selected_fg]="#000000"
        theme[inactive_fg]="#a0a0a0"
        theme[graph_text]="#b0b0b0"
        theme[meter_bg]="#3a3a3a"
        theme[proc_misc]="#ffffff"

        # Frames: pipelines; warehouse and topics; services; scheduler, queues and log; lines within
        theme[cpu_box]="#b8b8b8"
        theme[mem_box]="#b8b8b8"
        theme[net_box]="#b8b8b8"
        theme[proc_box]="#b8b8b8"
        theme[div_line]="#5a5a5a"

        # Age of what waits, over five minutes
        theme[temp_start]="#8f8f8f"
        theme[temp_mid]="#c8c8c8"
        theme[temp_end]="#ffffff"

        # Watermark lag and severity: well, attention, alarm
        theme[cpu_start]="#d8d8d8"
        theme[cpu_mid]="#ffe066"
        theme[cpu_end]="#ff5c57"

        # Tasks that are due
        theme[free_start]="#ffffff"
        theme[free_mid]="#ffffff"
        theme[free_end]="#ffffff"

        # Tasks that wait for their time
        theme[cached_start]="#6f6f6f"
        theme[cached_mid]="#7f7f7f"
        theme[cached_end]="#8f8f8f"

        # Tasks in flight
        theme[available_start]="#c8c8c8"
        theme[available_mid]="#d8d8d8"
        theme[available_end]="#e8e8e8"

        # Tasks to be tried again
        theme[used_start]="#e0b000"
        theme[used_mid]="#ffd84d"
        theme[used_end]="#ffe99a"

        # Rates in, where something flows
        theme[download_start]="#8f8f8f"
        theme[download_mid]="#c0c0c0"
        theme[download_end]="#ffffff"

        # Rates out, where something flows
        theme[upload_start]="#8f8f8f"
        theme[upload_mid]="#c0c0c0"
        theme[upload_end]="#ffffff"

        # Share of time spent working
        theme[process_start]="#d8d8d8"
        theme[process_mid]="#ffe066"
        theme[process_end]="#ff5c57"

        # Of the process list in btop; streamtop draws nothing in these
        theme[proc_pause_bg]="#ff5c57"
        theme[proc_follow_bg]="#e8e8e8"
        theme[proc_banner_bg]="#e8e8e8"
        theme[proc_banner_fg]="#000000"
        theme[followed_bg]="#e8e8e8"
        theme[followed_fg]="#000000"

        """#
}
