cat <<-'EOF'
	$a
	EOF
