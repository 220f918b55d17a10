"""PeerWorks on one machine: its embedded services and the processes of `make run` and `make test`.

Nothing here imports Django or the settings. The package stands lowest on the import line: it
starts children and tells them through their environment what they may reach.
"""
