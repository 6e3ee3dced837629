"""Word 文档: a report coming from Word or WPS, cut into its sections, and going out as an official paper."""
