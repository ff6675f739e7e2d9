"""The study on a real Slurm: one node on the loopback address, with its own keys and ports, which the test starts and ends."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
KEPT = ROOT / "target/study/slurm"
DAEMONS = ["munged", "slurmctld", "slurmd"]
MISSING = [name for name in [*DAEMONS, "sbatch", "squeue", "sinfo"] if not shutil.which(name)]

CONFIGURATION = """
ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MailProg=/bin/true
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=4000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


SYSTEM = Path("/etc/slurm/slurm.conf")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@unittest.skipIf(MISSING, f"Slurm is not installed here (Debian: slurm-wlm, munge); missing: {', '.join(MISSING)}")
@unittest.skipIf(os.geteuid() != 0, "a node of Slurm runs as root")
@unittest.skipIf(SYSTEM.exists(), f"this machine has a Slurm of its own: {SYSTEM}")
class Slurm(unittest.TestCase):
    def start(self, *command):
        log = (self.folder / f"{command[0]}.log").open("w")
        daemon = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        self.daemons.append(daemon)
        self.addCleanup(log.close)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.terminate)

    def wait_for(self, *command, words):
        """Until a command prints these words. It is asked again and again: no daemon says when it is ready."""
        while True:
            found = subprocess.run(command, capture_output=True, text=True)
            if words in found.stdout:
                return
            for daemon in self.daemons:
                self.assertIsNone(daemon.poll(), f"{daemon.args[0]} has ended")

    def setUp(self):
        self.daemons = []
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        for name in ["state", "spool"]:
            (self.folder / name).mkdir()
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        munge = {name: str(self.folder / f"munge.{name}") for name in ["pid", "seed", "log"]}
        options = [f"--{option}={munge[name]}" for option, name in [("pid-file", "pid"), ("seed-file", "seed"), ("log-file", "log")]]
        self.start("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={self.folder}/munge.socket", *options)
        host = socket.gethostname().split(".")[0]
        configuration = self.folder / "slurm.conf"
        ports = {"controller": free_port(), "node": free_port()}
        configuration.write_text(CONFIGURATION.format(folder=self.folder, host=host, cpus=os.cpu_count(), **ports))
        # Where Slurm's commands look for it: a job does not inherit another place.
        SYSTEM.parent.mkdir(exist_ok=True)
        SYSTEM.symlink_to(configuration)
        self.addCleanup(SYSTEM.unlink)
        self.wait_for("munge", "--no-input", f"--socket={self.folder}/munge.socket", words="MUNGE:")
        self.start("slurmctld", "-D")
        self.start("slurmd", "-D")
        self.wait_for("sinfo", "--noheader", "--format=%T", words="idle")

    def test_runs_go_through_the_queue(self):
        os.chdir(ROOT)
        shutil.rmtree(KEPT, ignore_errors=True)
        snakemake = [Path(sys.executable).parent / "snakemake", "--snakefile", "study/Snakefile"]
        # This cluster has no accounting.
        options = ["--slurm-no-account", "--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "1"]
        config = [f"results={KEPT}/results", f"kept={KEPT}/kept", "studies=small-layers"]
        subprocess.run(
            [*snakemake, "--workflow-profile", "study/profiles/slurm", *options, "--config", *config], check=True
        )
        self.assertIn("gradient", (KEPT / "results/small-layers.json").read_text())
        jobs = subprocess.run(["scontrol", "show", "jobs"], check=True, capture_output=True, text=True).stdout
        self.assertEqual(jobs.count("JobState=COMPLETED"), 2, jobs)


if __name__ == "__main__":
    unittest.main()
