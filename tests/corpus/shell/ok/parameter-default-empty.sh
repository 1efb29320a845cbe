echo ${a:-} ${a-} ${a:+}
