"""manage.py manifest: write the list of the release, or say which files are not as listed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from scoring import manifest


class Command(BaseCommand):
    help = "发布清单：--write 发布时写下每个程序文件的校验值；不带参数时核对。不一致时退出码为 1。"

    def add_arguments(self, parser):
        parser.add_argument("--write", action="store_true", help="写下清单（每次发布、升级后执行一次）")
        parser.add_argument("--against", type=Path, help="与另存的清单核对，如纪检监督人员保存的一份")

    def handle(self, *, write: bool, against: Path | None, **options):
        path = settings.BASE_DIR / manifest.NAME
        if write:
            path.write_text(manifest.written(manifest.files_of(settings.BASE_DIR)), "utf-8")
        else:
            path = against or path
        try:
            text = path.read_text("utf-8")
            found = manifest.differences(settings.BASE_DIR, manifest.read(text))
        except FileNotFoundError as error:
            raise CommandError(f"没有清单 {path.name}，请先执行 manage.py manifest --write") from error
        except ValueError as error:
            raise CommandError(f"{path.name} 不是发布清单") from error
        if found:
            raise CommandError("\n".join(["与清单不一致：", *found]))
        self.stdout.write(f"一致。清单校验值 {hashlib.sha256(text.encode()).hexdigest()}，请抄在部署记录上。")
