"""The sign-in form, in the shell's own markup."""

from allauth.account.forms import LoginForm
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """Address and password; password managers and paste are welcome."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""
        self.fields["login"].label = _("E-mail address")
        self.fields["password"].label = _("Password")
        self.helper = FormHelper()
        self.helper.form_class = "form-pw"
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("", _("Sign in"), css_class="btn-pw"))
