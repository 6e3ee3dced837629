"""``manage.py export_box BOX_ID [FILE.zip]``: write the recount package of an opened box."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from organizations.errors import Refused
from scoring.count import export_package
from scoring.models import Box


class Command(BaseCommand):
    requires_system_checks = []  # also runs where no server is configured
    help = "Write the recount package (复核包) of an opened box. Facts and scores from outside the box are not in it."

    def add_arguments(self, parser):
        parser.add_argument("box_id", type=int)
        parser.add_argument("file", nargs="?", type=Path, help="default: box-<id>.zip in the current folder")

    def handle(self, *, box_id: int, file: Path | None, **options):
        """Refusals come out as one line on stderr and exit code 1."""
        file = file or Path(f"box-{box_id}.zip")
        try:
            package = export_package(Box.objects.get(pk=box_id))
            file.write_bytes(package)
        except Box.DoesNotExist:
            raise CommandError(f"没有编号为 {box_id} 的票箱。") from None
        except Refused as refused:
            raise CommandError(str(refused)) from None
        except OSError as error:
            raise CommandError(f"不能写入 {file}：{error.strerror}。") from None
        self.stdout.write(f"已写入 {file}（{len(package)} 字节）。解压后运行 python3 recount.py 复核。")
